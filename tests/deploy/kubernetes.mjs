// SPDX-License-Identifier: BSD-2-Clause
// The manifests for Kubernetes: valid, alike from Kustomize and Helm, and fit for this skua.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as manifests from './manifests.mjs'

const out = process.argv[2]
const chart = 'deploy/helm/skua'
let tests = 0
let failed = 0

function check(sentence, wrong) {
	tests++
	failed ||= wrong.length > 0
	console.log(`${wrong.length ? 'not ok' : 'ok'} ${tests} - ${sentence}`)
	for (const line of wrong) console.log(`# ${line}`)
}

function skip(sentence, why) {
	tests++
	console.log(`ok ${tests} - ${sentence} # SKIP ${why}`)
}

manifests.open(out)
const folder = manifests.prepare(out)
const copy = (object) => structuredClone(object)

// What Helm is told to come to the same as each overlay.
const same = {
	base: {},
	'overlays/minimal': {},
	'overlays/with-pod-names': { podNames: true },
	'overlays/with-upload': {
		upload: { url: 'https://evidence.example/skua', secret: 'skua-upload' },
	},
	'overlays/with-podmonitor': { podMonitor: { enabled: true } },
}

const name = (object) => `${object.kind} ${object.metadata.name}`

// Helm makes the namespace itself, when it is told to.
function differences(ours, charts) {
	const left = new Map(ours.filter((o) => o.kind !== 'Namespace').map((o) => [name(o), o]))
	const right = new Map(charts.map((o) => [name(o), o]))
	const wrong = []

	for (const key of new Set([...left.keys(), ...right.keys()]))
		if (!left.has(key) || !right.has(key))
			wrong.push(`${key}: only in ${left.has(key) ? 'Kustomize' : 'Helm'}`)
		else wrong.push(...compare(left.get(key), right.get(key), key))
	return wrong
}

// The order of lists counts, but not that of things with names, which Kustomize may change.
function compare(a, b, at) {
	const named = (value) => Array.isArray(value) && value.length > 0 && value.every((one) => one?.name)
	const sorted = (value) => [...value].sort((x, y) => (x.name < y.name ? -1 : 1))

	if (isDeepStrictEqual(a, b)) return []
	if (named(a) && named(b) && a.length === b.length) [a, b] = [sorted(a), sorted(b)]
	if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object')
		return [`${at}: Kustomize ${JSON.stringify(a)}, Helm ${JSON.stringify(b)}`]
	return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
		isDeepStrictEqual(a[key], b[key]) ? [] : compare(a[key] ?? null, b[key] ?? null, `${at}.${key}`),
	)
}

const rendered = {}
for (const [where, values] of Object.entries(same)) {
	rendered[where] = manifests.kustomize(path.join(folder, where))
	const objects = rendered[where]
	const helm = manifests.helm(chart, values, path.join(out, 'kubernetes'))

	check(`${where}: ${objects.length} objects are of the API's types`, objects.flatMap(manifests.faults))
	check(`${where}: Helm renders the same ${helm.length} objects`, differences(objects, helm))
	check(`${where}: Helm's are of the API's types`, helm.flatMap(manifests.faults))
}

const daemonset = (where) => rendered[where].find((object) => object.kind === 'DaemonSet')
const container = (set) => set.spec.template.spec.containers[0]

// The checks themselves: what must be refused.
{
	const refused = (sentence, spoil) => {
		const object = copy(daemonset('base'))

		spoil(object)
		const wrong = manifests.faults(object)
		check(`${sentence} is refused: ${wrong[0] ?? ''}`, wrong.length ? [] : ['nobody noticed'])
	}
	refused('an unknown field of a container', (o) => (container(o).securityContext.readOnlyRootFileSystem = true))
	refused('an unknown field of the object', (o) => (o.specs = {}))
	refused('an unknown field in a list', (o) => (o.spec.template.spec.tolerations[0].operater = 'Exists'))
	refused('a number for a text', (o) => (container(o).image = 7))
	refused('a field that is missing', (o) => delete o.spec.selector)
	const spoilt = copy(rendered.base)
	container(spoilt.find((o) => o.kind === 'DaemonSet')).args.pop()
	check(
		'a chart that differs in one word is noticed',
		differences(spoilt, manifests.helm(chart, {}, path.join(out, 'kubernetes'))).length === 1
			? []
			: ['nobody noticed'],
	)
}

// What the pod is allowed.
{
	const spec = daemonset('base').spec.template.spec
	const security = container(daemonset('base')).securityContext
	const wrong = []
	const must = (holds, what) => holds || wrong.push(what)

	must(isDeepStrictEqual(security.capabilities, { drop: ['ALL'], add: ['BPF', 'NET_ADMIN', 'PERFMON'] }), 'capabilities')
	must(security.readOnlyRootFilesystem && !security.privileged, 'root file system, privileged')
	must(security.allowPrivilegeEscalation === false, 'allowPrivilegeEscalation')
	must(security.seccompProfile.type === 'Localhost', 'seccompProfile')
	must(spec.hostNetwork && !spec.hostPID && !spec.hostIPC, 'the host\'s namespaces')
	must(!spec.initContainers, 'init containers')
	must(container(daemonset('base')).resources.limits.cpu === undefined, 'a processor limit')
	check('the pod has three capabilities, a read-only root, a seccomp profile and no more', wrong)
	check(
		'only who names pods has a token and rights',
		Object.keys(rendered).filter((where) => {
			const wants = where.endsWith('with-pod-names')
			return (
				daemonset(where).spec.template.spec.automountServiceAccountToken !== wants ||
				rendered[where].some((object) => object.kind === 'ClusterRole') !== wants
			)
		}),
	)
}

// This skua understands what it is told.
{
	const help = execFileSync(path.join(out, 'skua'), ['run', '--help'], { encoding: 'utf8' })
	const known = new Set([...help.matchAll(/^ {2}(?:-., )? *--([a-z0-9-]+)/gm)].map((found) => found[1]))
	const map = rendered.base.find((object) => object.kind === 'ConfigMap')
	const keys = Object.keys(manifests.parse(map.data['skua.yaml'])[0])
	const words = [...new Set(Object.keys(rendered).flatMap((where) => container(daemonset(where)).args))]
	const options = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=')[0])
	const later = ['config', 'metrics'].filter((option) => !known.has(option))

	check(`${keys.length} keys of the configuration are options of skua run`, keys.filter((key) => !known.has(key)))
	check(
		`${options.length} options in arguments are options of skua run`,
		options.filter((option) => !known.has(option) && !later.includes(option)),
	)
	for (const option of later) skip(`skua run knows --${option}`, 'this skua does not have it yet')
	if (known.has('metrics'))
		check(
			'the probes ask where metrics are served',
			manifests.parse(map.data['skua.yaml'])[0].metrics === '127.0.0.1:9477' ? [] : ['metrics: 127.0.0.1:9477'],
		)
	const version = execFileSync(path.join(out, 'skua'), ['version'], { encoding: 'utf8' }).split(/\s/)[1]
	check(
		'the image is of this version',
		container(daemonset('base')).image.endsWith(`:${version}`) ? [] : [container(daemonset('base')).image],
	)
}

console.log(`1..${tests}`)
process.exit(failed ? 1 : 0)
