#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# tools/from-npm.sh with an npm that is interrupted, fails or works: only what is whole is believed.
set -u
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0 failed=0
check() { # sentence command...
	sentence=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $sentence"
	else
		failed=1
		echo "not ok $n - $sentence"
		sed 's/^/# /' "$dir/calls"
	fi
}
# An npm that installs half, and then does as $NPM says.
mkdir "$dir/bin"
cat >"$dir/bin/npm" <<'EOT'
#!/bin/sh
echo "$*" >>"$CALLS"
while [ "$1" != --prefix ]; do shift; done
[ ! -e "$2/node_modules" ] || touch "$2/mixed"
mkdir -p "$2/node_modules/half"
case $NPM in
killed) kill -9 "$PPID" ;;
fails) exit 1 ;;
*) mkdir "$2/node_modules/whole" ;;
esac
EOT
chmod +x "$dir/bin/npm"
install() { # how argument...: status
	how=$1
	shift
	: >"$dir/calls"
	env NPM="$how" CALLS="$dir/calls" OUT="$dir" PATH="$dir/bin:$PATH" tools/from-npm.sh "$@" >/dev/null 2>&1
	status=$?
}
asked() { # status how often
	[ $status = "$1" ] && [ "$(wc -l <"$dir/calls")" = "$2" ]
}

install killed web
check "an interrupted npm is no installation" test ! -e "$dir/web/complete"
install fails web
check "the next time it is asked again, and its failure told" asked 1 1
install works web
check "until it works" asked 0 1
check "in a folder without remains" test -e "$dir/web/node_modules/whole" -a ! -e "$dir/web/mixed"
check "by the lock file" grep -q "^ci " "$dir/calls"
install works web
check "what is whole is left alone" asked 0 0
echo '{}' >"$dir/web/complete"
install works web
check "of another lock file it is made anew" asked 0 1
install killed s3 server@1.0.0
install works s3 server@1.0.0
check "a program that is named is installed likewise" asked 0 1
install works s3 server@1.0.0
check "once" asked 0 0
install works s3 server@1.0.1
check "for each version" grep -q "^install server@1.0.1 " "$dir/calls"
echo "1..$n"
exit $failed
