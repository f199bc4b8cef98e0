import { type AddressInfo, type Socket, connect } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { generate } from 'selfsigned'

/** A TLS server in front of a plain one, with a certificate of its own for `host`. */
export interface Front {
  readonly port: number
  /** The certificate, in PEM: what NODE_EXTRA_CA_CERTS is to name. */
  readonly certificate: string
  readonly close: () => Promise<void>
}

/** Puts TLS before the plain server on a loopback port. */
export const startTls = async (host: string, plainPort: number): Promise<Front> => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
  })
  const sockets = new Set<Socket>()
  const server = createTlsServer({ key, cert }, (socket) => {
    const onward = connect(plainPort, '127.0.0.1')
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      onward.destroy()
    })
    for (const one of [socket, onward]) one.on('error', () => socket.destroy())
    socket.pipe(onward).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    certificate: cert,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
