import type { ReactNode } from 'react'
import 'react-openai-uploads/styles.css'

export const metadata = { title: 'Publish an article' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
