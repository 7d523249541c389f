import { contenders } from './contenders.mjs'

const MIB = 2 ** 20
const everyone = Object.keys(contenders).filter((id) => !id.startsWith('embedded'))
const direct = everyone.filter((id) => !id.startsWith('ours-handler'))

/** A line for one connection: a good home line or a busy office, and the limit of many a proxy. */
export const links = { shaped: { bytesPerSecond: 10e6, delay: 20 } }

/**
 * What is uploaded, by whom, and how often. Rounds are fewer where one takes long; everyone is measured once per round,
 * one after the other, so that whatever else the machine does meets all of them.
 */
export const scenes = {
  '1gib': { size: '1gib', files: 1, bytes: 1024 * MIB, contenders: everyone, rounds: 3 },
  '64mib': { size: '64mib', files: 1, bytes: 64 * MIB, contenders: everyone, rounds: 3 },
  '100x1mib': { size: '100x1mib', files: 100, bytes: MIB, contenders: everyone, rounds: 2 },
  'shaped-64mib': { size: '64mib', link: 'shaped', files: 1, bytes: 64 * MIB, contenders: direct, rounds: 2 },
  'shaped-256mib': {
    size: '256mib',
    link: 'shaped',
    files: 1,
    bytes: 256 * MIB,
    contenders: ['ours', 'ours-plain', 'pool'],
    rounds: 2,
  },
  '256mib': { size: '256mib', files: 1, bytes: 256 * MIB, contenders: ['ours', 'ours-plain', 'pool'], rounds: 3 },
  '1000x10kb': { size: '1000x10kb', files: 1000, bytes: 1e4, contenders: ['ours', 'ours-plain', 'pool'], rounds: 2 },
  '1000x1mb': { size: '1000x1mb', files: 1000, bytes: 1e6, contenders: ['ours', 'ours-plain', 'pool'], rounds: 2 },
  '1x1mb': { size: '1x1mb', files: 1, bytes: 1e6, contenders: ['ours', 'ours-plain', 'pool'], rounds: 3 },
  '10x1mb': { size: '10x1mb', files: 10, bytes: 1e6, contenders: ['ours', 'ours-plain', 'pool'], rounds: 3 },
  '100x1mb': { size: '100x1mb', files: 100, bytes: 1e6, contenders: ['ours', 'ours-plain', 'pool'], rounds: 3 },
  'embedded-1gib': {
    size: '1gib',
    files: 1,
    bytes: 1024 * MIB,
    contenders: ['embedded-handler', 'embedded', 'embedded-pool'],
    rounds: 2,
  },
  '4gib': {
    size: '4gib',
    optional: true,
    files: 1,
    bytes: 4096 * MIB,
    contenders: ['ours', 'ours-plain', 'ours-handler', 'pool', 'single-xhr'],
    rounds: 2,
  },
}

/** Everyone once, with little: whether the benchmark itself works. 101 MiB is more than one PUT to Uppy S3. */
export const smoke = {
  one: { size: '101mib', files: 1, bytes: 101 * MIB, contenders: Object.keys(contenders), rounds: 1 },
  many: { size: '5x10kb', files: 5, bytes: 1e4, contenders: everyone, rounds: 1 },
  shaped: { size: '1mib', link: 'shaped', files: 1, bytes: MIB, contenders: ['ours', 'pool'], rounds: 1 },
}
