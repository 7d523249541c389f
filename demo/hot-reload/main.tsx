import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { UploadsProvider } from '../../src/index.js'
import { App } from './app.js'
import { OwnConnection } from './own-connection.js'

// The app that hot-reload.e2e.ts copies and edits. This file stays as it is: an app keeps its provider at its root.
createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    {location.search === '?own-connection' ? (
      <OwnConnection />
    ) : (
      <UploadsProvider endpoint="/api/uploads" uploaderOptions={{ retry: { baseDelay: 100, maxDelay: 500 } }}>
        <App />
      </UploadsProvider>
    )}
  </StrictMode>,
)
