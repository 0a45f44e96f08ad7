// SBOM: what a binary contains, as CycloneDX.
import { createHash } from 'node:crypto'
import { contentsOf } from './notices.mjs'
import { ZIG_VERSION } from './sources.mjs'

function licencesOf(licence) {
  if (licence === 'public domain') return [{ license: { name: licence } }]
  return licence.includes(' ') ? [{ expression: licence }] : [{ license: { id: licence } }]
}

/** Without a serial number or a time: the same sources give the same bytes. */
export function sbomOf(target, { name, version, license }, binary) {
  const components = contentsOf(target).map((each) => ({
    type: 'library',
    'bom-ref': each.name,
    name: each.name,
    ...(each.version ? { version: each.version } : {}),
    licenses: licencesOf(each.licence),
    ...(each.purl ? { purl: each.purl } : {}),
  }))
  const self = `${name}@${version}`
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'library',
        'bom-ref': self,
        name,
        version,
        licenses: licencesOf(license),
        purl: `pkg:npm/${self.replace('@', '%40')}`,
        hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(binary).digest('hex') }],
      },
      tools: { components: [{ type: 'application', name: 'zig', version: ZIG_VERSION }] },
    },
    components,
    dependencies: [{ ref: self, dependsOn: components.map((each) => each['bom-ref']) }],
  }
  return `${JSON.stringify(bom, null, 2)}\n`
}
