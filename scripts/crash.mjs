// npm run test:crash [-- --kills 200] [--seed 1]: kills the local server while it works, and looks at what it left.
import { runManyTries } from './many-tries.mjs'

runManyTries('crash', 'src/uploads-api/kills.test.ts', { kills: 200, seed: 1 })
