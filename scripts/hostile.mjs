// npm run test:hostile [-- --tries 500] [--seed 1]: hostile calls at the handler, so many for each row of the threats.
import { runManyTries } from './many-tries.mjs'

runManyTries('hostile', 'src/server/hostile', { tries: 500, seed: 1 })
