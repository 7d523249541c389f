// Whether the server would notice: a file that has lost, doubled, swapped or changed bytes has to be refused.
import { contentBlocks } from './content.mjs'

const PAGE = 4096

export async function proveThatItLooks(port) {
  const whole = Buffer.concat([...contentBlocks(1, 0, 8 * PAGE)])
  const page = (number) => whole.subarray(number * PAGE, (number + 1) * PAGE)
  const flipped = Buffer.from(whole)
  flipped[5 * PAGE + 100] ^= 1
  const wrong = {
    'one bit': flipped,
    'two pages swapped': Buffer.concat([page(0), page(2), page(1), whole.subarray(3 * PAGE)]),
    'a page twice': Buffer.concat([page(0), page(1), whole.subarray(PAGE)]),
    'a byte lost': Buffer.concat([whole.subarray(0, 5000), whole.subarray(5001)]),
    'the beginning lost': whole.subarray(PAGE),
  }
  const put = async (body) => (await fetch(`http://127.0.0.1:${port}/put/proof`, { method: 'PUT', body })).status
  if ((await put(whole)) !== 200) throw new Error('the server refuses a file that is whole')
  for (const [what, body] of Object.entries(wrong)) {
    if ((await put(body)) !== 400) throw new Error(`the server does not notice: ${what}`)
  }
}
