#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The manifests for Kubernetes: Kustomize's and Helm's, against the API's types and each other.
cd "$(dirname "$0")/../.." || exit 1
out=${OUT:-build}
for need in node kubectl; do
	command -v $need >/dev/null && continue
	printf '1..1\nnot ok 1 - %s is here: tools/setup.sh check-all installs it\n' $need
	exit 1
done
if [ ! -e "$out/kubernetes/complete" ]; then
	echo "1..1"
	echo "not ok 1 - the API's types are in $out/kubernetes: tools/setup.sh check-all fetches them"
	exit 1
fi
# kubectl shall ask no cluster, whatever this machine has.
export KUBECONFIG=/dev/null
exec node tests/deploy/kubernetes.mjs "$out"
