// @vercel/nft, which Next.js and others use to deploy: copies every file that the application needs, the
// addon among them.
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeFileTrace } from '@vercel/nft'

const { fileList } = await nodeFileTrace(['app.mjs', 'app.cjs'], { base: process.cwd() })
for (const file of fileList) await cp(file, join('out/traced', file), { dereference: true })
