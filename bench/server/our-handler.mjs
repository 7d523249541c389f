import { randomBytes } from 'node:crypto'
import { createUploadsHandler } from '../../dist/server/index.js'
import { toNodeListener } from '../../dist/server/node.js'

/** Our backend handler as an app would run it, from dist/, as a listener; `upstream` says where OpenAI is. */
export function ourHandler(upstream) {
  return toNodeListener(
    createUploadsHandler({
      apiKey: 'bench',
      secret: randomBytes(32).toString('base64'),
      purposes: ['user_data'],
      accept: ['.bin'],
      authorize: () => ({ userId: 'bench' }),
      ...upstream,
    }),
  )
}
