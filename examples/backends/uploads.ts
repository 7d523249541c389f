import { createUploadsHandler } from 'react-openai-uploads/server'

const { OPENAI_BASE_URL } = process.env

export const handler = createUploadsHandler({
  apiKey: () => process.env.OPENAI_API_KEY,
  secret: () => process.env.UPLOADS_SECRET,
  purposes: ['user_data'],
  // A real app looks at its session here, and returns null for whoever is not signed in.
  authorize: () => ({ userId: 'example' }),
  ...(OPENAI_BASE_URL && { baseURL: OPENAI_BASE_URL }),
})
