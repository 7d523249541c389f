import { startLocalApi } from './local.js'

// The process that is killed: the local server on a folder. It says where it listens, and no more.
const [, , dir = ''] = process.argv
const { url } = await startLocalApi({ port: 0, dir })
process.send?.(url)
