import { configure } from '@testing-library/react'

// What has to come is waited for, however busy the machine is; a second is what it comes with.
configure({ asyncUtilTimeout: 20_000 })
