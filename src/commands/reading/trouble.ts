import type { Failure, FileFault } from '../../failure'

/** What concerns one file only: its faults, and that this object may not be read though the bucket may be listed. */
export const faultOf = (trouble: Failure | FileFault): FileFault | undefined => {
  if (!('_tag' in trouble)) return trouble
  if (trouble._tag !== 'StorageRefused') return undefined
  if (trouble.cause === 'get') return { code: 'FILE_UNREADABLE', detail: 'no permission to read it (s3:GetObject)' }
  return trouble.cause === 'decrypt'
    ? { code: 'FILE_UNREADABLE', detail: 'no permission to decrypt it (kms:Decrypt)' }
    : undefined
}
