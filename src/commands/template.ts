import { OFFLINE_EVENT } from '../template/offline-event'

/** The CSV file to fill in: the header, and one correct row whose event happened an hour ago. */
export const template = (nowMs: number): string => {
  const columns = OFFLINE_EVENT.filter(({ inFile }) => inFile)
  const example: Readonly<Record<string, string>> = { ...EXAMPLE, event_time: String(Math.floor(nowMs / 1000) - 3600) }
  return [columns.map(({ name }) => name), columns.map(({ name }) => example[name] ?? '')]
    .map((cells) => cells.map(quoted).join(','))
    .join('\n')
}

/** Nobody's purchase: the digests are those of person@example.com and of +1 415 555 0100, a number kept for fiction. */
const EXAMPLE: Readonly<Record<string, string>> = {
  event_name: 'Purchase',
  currency: 'USD',
  value: '46.50',
  transaction_id: 'order-1001',
  Email_hashed: '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345',
  Phone_hashed: '5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9',
  shop_id: 'store-7',
  content_type: 'product',
  content_ids: 'SKU-1|SKU-2',
  contents: '[{"content_id":"SKU-1","price":23.25,"quantity":2}]',
  num_items: '2',
}

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell)
