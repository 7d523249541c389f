import express from 'express'
import { toNodeListener } from 'react-openai-uploads/node'
import { handler } from './uploads.ts'

const app = express()

// Before every body parser: one that comes first reads the part, and nothing is left to upload.
app.use('/api/uploads', toNodeListener(handler))

app.use(express.json())
app.post('/api/notes', (req, res) => {
  res.json(req.body)
})

export const server = app.listen(process.env.PORT ?? 3000)
