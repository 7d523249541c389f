import { answerChecksums } from './checksum-answers.js'
import { createWasmHasher } from './hasher-wasm.js'

answerChecksums(createWasmHasher)
