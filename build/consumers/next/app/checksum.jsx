'use client'
import { useEffect } from 'react'
import { createChecksum } from 'react-openai-uploads/core'

export function Checksum() {
  useEffect(() => {
    createChecksum()(new Blob(['hello'])).then(({ md5, where }) => {
      document.body.dataset.result = `${md5} ${where}`
    })
  }, [])
  return null
}
