import { answerChecksums } from './checksum-answers.js'
import { createPlainHasher } from './hasher-plain.js'

// A file of its own, so that only those load it whose Content-Security-Policy forbids WebAssembly.
answerChecksums(createPlainHasher)
