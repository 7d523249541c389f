import { stripVTControlCharacters } from 'node:util'

/** The port that a program says it listens on, in words of its own: told to take port 0, it takes a free one. */
export function portOf(child) {
  return new Promise((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`ended before it listened: ${said}`)))
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (text) => {
        said += text
        // Up to what follows it: a number may come in two pieces.
        const [, port] = /(?:http:\/\/[\w.[\]:]+:|"port":)(\d+)(?=\D)/.exec(stripVTControlCharacters(said)) ?? []
        if (port) resolve(Number(port))
      })
    }
  })
}
