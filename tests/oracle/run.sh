#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every question to a capture beside tshark's answer, over the whole corpus: what is equal, and each
# difference with its reason.  Ten minutes.  usage: OUT=build tests/oracle/run.sh
cd "$(dirname "$0")/../.." && exec tests/run.sh 'tests/oracle/tshark.sh rows' 'tests/oracle/tshark.sh ja4' \
	'tests/oracle/tshark.sh tables' 'tests/oracle/tshark.sh analyze' 'tests/oracle/tshark.sh credentials' \
	'tests/oracle/tshark.sh objects all' 'tests/oracle/tshark.sh packets' 'tests/oracle/tshark.sh hierarchy' --
