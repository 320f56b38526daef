// SPDX-License-Identifier: BSD-2-Clause
// Makes manifests by kubectl, and holds them against the API's types; no cluster is asked.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

let require, YAML

export function open(out) {
	require = createRequire(path.resolve(out, 'kubernetes') + '/')
	YAML = require('yaml')
}

function kubectl(...words) {
	try {
		return execFileSync('kubectl', words, {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe'],
			timeout: 600000,
		})
	} catch (error) {
		// It tells the whole template before it says what is wrong.
		throw new Error(`kubectl ${words.join(' ')}: ${error.stderr.slice(-200)}`)
	}
}

// Kubernetes reads YAML 1.1.
export const parse = (text) =>
	YAML.parseAllDocuments(text, { version: '1.1' })
		.map((document) => {
			if (document.errors.length) throw document.errors[0]
			return document.toJS()
		})
		.filter((object) => object)

// kubectl before 1.21 has an older Kustomize: the same words under older names.
function age(folder) {
	const file = path.join(folder, 'kustomization.yaml')
	const object = parse(fs.readFileSync(file, 'utf8'))[0]
	const isFolder = (name) => fs.statSync(path.join(folder, name)).isDirectory()

	object.bases = object.resources.filter(isFolder)
	object.resources = object.resources.filter((name) => !isFolder(name))
	object.patchesStrategicMerge = (object.patches ?? []).map((patch) => patch.path)
	delete object.patches
	fs.writeFileSync(file, YAML.stringify(object))
}

export function prepare(out) {
	const folder = path.resolve(out, 'kubernetes/manifests')
	const version = JSON.parse(kubectl('version', '--client', '-o', 'json')).clientVersion

	fs.rmSync(folder, { recursive: true, force: true })
	fs.cpSync('deploy/kubernetes', folder, { recursive: true })
	if (version.major === '1' && parseInt(version.minor) < 21) {
		age(path.join(folder, 'base'))
		for (const name of fs.readdirSync(path.join(folder, 'overlays')))
			age(path.join(folder, 'overlays', name))
	}
	return folder
}

export const kustomize = (folder) => parse(kubectl('kustomize', folder))

function merge(into, from) {
	for (const [key, value] of Object.entries(from))
		if (value?.constructor === Object && into[key]?.constructor === Object)
			merge(into[key], value)
		else into[key] = value
	return into
}

// Helm renders by Go's text/template, and so does `kubectl -o go-template-file`; the chart uses
// nothing that only Helm has.  Values travel as fields of an object that is never sent.
export function helm(chart, values, scratch) {
	const read = (name) => parse(fs.readFileSync(path.join(chart, name), 'utf8'))[0]
	const about = read('Chart.yaml')
	const object = {
		apiVersion: 'skua/v1',
		kind: 'Values',
		metadata: { name: 'values' },
		Values: merge(read('values.yaml'), values),
		Release: { Name: 'skua', Namespace: 'skua', Service: 'Helm' },
		Chart: { Name: about.name, Version: about.version, AppVersion: about.appVersion },
	}
	const data = path.join(scratch, 'values.json')

	fs.mkdirSync(scratch, { recursive: true })
	fs.writeFileSync(data, JSON.stringify(object))
	return fs
		.readdirSync(path.join(chart, 'templates'))
		.sort()
		.flatMap((name) =>
			parse(
				kubectl(
					'annotate', '--local', '-f', data, 'rendered=yes',
					'--allow-missing-template-keys=false',
					'-o', `go-template-file=${path.join(chart, 'templates', name)}`,
				),
			),
		)
}

// A compiled schema reads each field that it knows of, and those of maps one by one: what it
// has not read it does not know.
function watch(value, at, unread) {
	if (value === null || typeof value !== 'object') return value
	const inside = Object.fromEntries(
		Object.entries(value).map(([key, part]) => [key, watch(part, `${at}.${key}`, unread)]),
	)
	const seen = new Set()
	unread.push(() =>
		Object.keys(inside)
			.filter((key) => !seen.has(key))
			.map((key) => `${at}.${key}`),
	)
	return new Proxy(Array.isArray(value) ? Object.assign([], inside) : inside, {
		get(target, key) {
			seen.add(key)
			return target[key]
		},
	})
}

// What is wrong with an object: nothing, or sentences.
export function faults(object) {
	const [group, version] = object.apiVersion.includes('/')
		? object.apiVersion.split('/')
		: ['', object.apiVersion]
	const of = group === 'monitoring.coreos.com' ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'
	const file = require.resolve([of, group, version, object.kind].filter((part) => part).join('/'))
	const schema = /require\("(\.[^"]*_schemas\/[^"]*)"\)/.exec(fs.readFileSync(file, 'utf8'))[1]
	const { validate } = require(path.resolve(path.dirname(file), schema))
	const unread = []

	if (!validate(watch(object, object.kind, unread)))
		return validate.errors.map(
			(error) => `${object.kind}${error.instancePath}: ${error.keyword} ${JSON.stringify(error.params)}`,
		)
	return unread.flatMap((ask) => ask()).map((field) => `${field}: no such field`)
}
