// npm run test:fuzz [-- --bodies 100000] [--seed 1]: multipart bodies to our parser and to the platform's own.
import { runManyTries } from './many-tries.mjs'

runManyTries('fuzz', 'src/uploads-api/fuzz-multipart.test.ts', { bodies: 100_000, seed: 1 })
