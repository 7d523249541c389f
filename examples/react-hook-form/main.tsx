import { createRoot } from 'react-dom/client'
import { UploadsProvider } from 'react-openai-uploads'
import { ApplicationForm } from './application-form'
import 'react-openai-uploads/styles.css'

createRoot(document.getElementById('root') as HTMLElement).render(
  <UploadsProvider endpoint="/api/uploads">
    <ApplicationForm
      onSend={async ({ name, files }) => {
        const fileIds = files.map(({ fileId }) => fileId)
        await fetch('/api/applications', { method: 'POST', body: JSON.stringify({ name, fileIds }) })
      }}
    />
  </UploadsProvider>,
)
