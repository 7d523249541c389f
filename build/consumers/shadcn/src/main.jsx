import './index.css'
import { createRoot } from 'react-dom/client'
import { UploadDropzone } from '@/components/upload-dropzone'

createRoot(document.querySelector('main div')).render(<UploadDropzone endpoint="/api/uploads" purpose="user_data" />)
