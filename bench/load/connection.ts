import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** One kept-alive connection that sends the same GET again and again; Node's own client would cost more than the server that is measured. */
export interface Connection {
  /** Status of the answer, after its last byte has come. */
  send(): Promise<number>
  close(): void
}

const HEAD_END = '\r\n\r\n'

export async function openConnection(url: URL, headers: Readonly<Record<string, string>>): Promise<Connection> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
  await once(socket, 'connect')
  const lines = Object.entries({ host: url.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`
  return {
    send() {
      const answer = read(socket)
      socket.write(request)
      return answer
    },
    close: () => socket.destroy(),
  }
}

function read(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = ''
    const end = (error?: Error) => {
      socket.off('data', take).off('close', cut).off('error', end)
      if (error) reject(error)
      else resolve(Number(received.slice(9, 12)))
    }
    const cut = () => end(new Error('the connection was cut'))
    // One character a byte, so that lengths are those of the header.
    const take = (chunk: Buffer) => {
      received += chunk.toString('latin1')
      const size = sizeOf(received)
      if (Number.isNaN(size)) end(new Error('an answer without Content-Length'))
      else if (received.length >= size) end()
    }
    socket.on('data', take).on('close', cut).on('error', end)
  })
}

/** Bytes of the whole answer: infinitely many while its head is not there, NaN where the head does not tell. */
function sizeOf(received: string): number {
  const head = received.indexOf(HEAD_END)
  if (head < 0) return Number.POSITIVE_INFINITY
  return head + HEAD_END.length + Number(/\r\ncontent-length: *(\d+)/i.exec(received.slice(0, head))?.[1])
}
