// SPDX-License-Identifier: BSD-2-Clause
// The pod of the DaemonSet as podman 4.3 can play it: pod_of.mjs OUT FOLDER, to standard output.
// What differs: no probes, for the image has nothing that podman could ask with; the profile as an
// annotation; a name for the node; folders of this test for those of a node.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import * as manifests from './manifests.mjs'

const [out, folder] = process.argv.slice(2)
manifests.open(out)
const objects = manifests.kustomize(path.join(manifests.prepare(out), 'base'))
const set = objects.find((object) => object.kind === 'DaemonSet')
const map = objects.find((object) => object.kind === 'ConfigMap')
const { spec, metadata } = set.spec.template
const container = spec.containers[0]

for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) delete container[probe]
container.env = [{ name: 'NODE_NAME', value: 'node-a' }]
container.args = container.args.map((word) => word.replace('$(NODE_NAME)', 'node-a'))
container.imagePullPolicy = 'Never'

// A skua that reads no configuration is told the same by options.
const help = execFileSync(path.join(out, 'skua'), ['run', '--help'], { encoding: 'utf8' })
if (!/^ *--config=|, --config=/m.test(help)) {
	const told = manifests.parse(map.data['skua.yaml'])[0]
	const words = Object.entries(told).flatMap(([key, value]) =>
		[value].flat().map((one) => `--${key}=${one}`),
	)
	container.args = container.args.flatMap((word) => (word.startsWith('--config=') ? words : [word]))
}
for (const volume of spec.volumes)
	if (volume.name === 'state') volume.hostPath.path = path.resolve(folder)

const pod = {
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: {
		name: 'skua',
		labels: metadata.labels,
		annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'localhost/skua.json' },
	},
	spec,
}
delete map.metadata.namespace
// JSON is YAML.
fs.writeSync(1, `${JSON.stringify(map)}\n---\n${JSON.stringify(pod)}\n`)
