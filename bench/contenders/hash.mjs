// The checksum alone, as the engine computes it: in its worker.
import { createChecksum } from 'react-openai-uploads/core'

const checksum = createChecksum()

export default async function hash([file]) {
  const { md5, where } = await checksum(file)
  if (where !== 'worker') throw new Error(`hashed on the ${where} thread`)
  return md5
}
