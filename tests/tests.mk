# SPDX-License-Identifier: BSD-2-Clause
# How tests are built and run; part of the Makefile.

# tests/unit/FLOOR_what.c
UNITS := $(patsubst tests/unit/%.c,$(OUT)/unit/%,$(wildcard tests/unit/*_*.c))
define unit_rule
$(1): $(OUT)/tests/$(patsubst $(OUT)/%,%,$(1)).o \
		$(call archive,$(SEEN_$(firstword $(subst _, ,$(notdir $(1)))))) $(OUT)/lists_builtin.o $(OUT)/page_builtin.o
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) $$(filter %.o,$$^) -Wl,--start-group \
		$$(filter %.a,$$^) $(OUT)/base.a -Wl,--end-group $$(LIBS) -o $$@
endef
$(foreach unit,$(UNITS),$(eval $(call unit_rule,$(unit))))
$(UNITS): $(OUT)/base.a
units: $(UNITS)

$(OUT)/parity: $(call objects,tests/parity/*.c) $(OUT)/capture.a $(OUT)/base.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# Parts of the live half behind small programs of their own, for tests/lab.
LAB_TOOLS := $(patsubst tests/lab/%.c,$(OUT)/lab/%,$(filter-out %.bpf.c %.so.c,$(wildcard tests/lab/*.c)))
$(LAB_TOOLS): $(OUT)/lab/%: $(OUT)/tests/lab/%.o $(call archive,$(SEEN_all)) $(OUT)/lists_builtin.o
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# Other people's kernel programs, for tests/lab.
LAB_BPF := $(patsubst tests/lab/%.bpf.c,$(OUT)/lab/%.bpf.o,$(wildcard tests/lab/*.bpf.c))
$(OUT)/lab/%.bpf.o: tests/lab/%.bpf.c
	$(call say,BPF,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c $< -o $@

# What is preloaded into the agent there.
LAB_PRELOADS := $(patsubst tests/lab/%.so.c,$(OUT)/lab/%.so,$(wildcard tests/lab/*.so.c))
$(LAB_PRELOADS): $(OUT)/lab/%.so: tests/lab/%.so.c
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -fPIC -shared $(LDFLAGS) $< -o $@

# How many steps the verifier needs for the programs of this compiler; and the newest in Debian 12.
NEWEST_CLANG := clang-19
$(OUT)/vm/steps: $(OUT)/tests/vm/steps.o
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@
$(OUT)/tests/vm/steps.o: $(OUT)/agent.skel.h
$(OUT)/tests/vm/steps.o: BASE_FLAGS += -DCOMPILER='"clang $(shell $(CLANG) -dumpversion)"'

# Every record that the JSON writers can make.
$(OUT)/schema/records: $(OUT)/tests/schema/records.o \
		$(call archive,analyze serve report dissect base)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# An agent to ask, good or bad.
$(OUT)/serve/agent: $(OUT)/tests/serve/agent.o $(call archive,serve report base)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# A vault that is killed, spoilt and starved; a file with everything in it that skua writes.
EVIDENCE_TOOLS := $(patsubst tests/evidence/%.c,$(OUT)/evidence/%,$(wildcard tests/evidence/*.c))
$(EVIDENCE_TOOLS): $(OUT)/evidence/%: $(OUT)/tests/evidence/%.o $(call archive,record base)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# Writes states until it is killed, and says what a file holds.
$(OUT)/state/writer: $(OUT)/tests/state/writer.o $(call archive,track dissect base)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# Everything but main, instrumented once for all harnesses: tests/fuzz/NAME.c.
FUZZ_FLAGS = $(BASE_FLAGS) -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-Wno-unknown-warning-option -MMD -MP
FUZZ_OBJS := $(patsubst %.c,$(OUT)/fuzz/%.o,$(wildcard user/*/*.c)) \
	$(OUT)/fuzz/lists_builtin.o $(OUT)/fuzz/page_builtin.o
FUZZERS := $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(filter-out %/machine.c,$(wildcard tests/fuzz/*.c)))
# One harness for each dissector of conversations.
FUZZ_MACHINES := $(patsubst %,$(OUT)/fuzz/machine_%,bytes dns http ldap line smb2 telnet tls)
$(OUT)/fuzz/user/capture/loader.o: $(OUT)/agent.skel.h
$(OUT)/fuzz/lists_builtin.o $(OUT)/fuzz/page_builtin.o: $(OUT)/fuzz/%.o: $(OUT)/%.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -c $< -o $@
$(OUT)/fuzz/%.o: %.c
	$(call say,FUZZCC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -c $< -o $@
$(OUT)/fuzz.a: $(FUZZ_OBJS)
	$(Q)rm -f $@ && ar rcs $@ $^
$(FUZZ_MACHINES:$(OUT)/fuzz/%=$(OUT)/fuzz/tests/fuzz/%.o): $(OUT)/fuzz/tests/fuzz/machine_%.o: \
		tests/fuzz/machine.c
	$(call say,FUZZCC,$< $*)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -DMACHINE=$*_dissector -c $< -o $@
FUZZERS += $(FUZZ_MACHINES)
# What reads what hosts say to each other has more time in check.
FUZZ_DISSECT := $(FUZZ_MACHINES) $(filter %/analysts %/conversations %/datagrams %/segments \
	$(OUT)/fuzz/dissect_%,$(FUZZERS))
FUZZ_CHECK := $(filter-out $(FUZZ_DISSECT),$(FUZZERS)) $(FUZZ_DISSECT:%=%@10)
$(FUZZERS): $(OUT)/fuzz/%: $(OUT)/fuzz/tests/fuzz/%.o $(OUT)/fuzz.a
	$(call say,LD,$@)
	$(Q)$(CLANG) -fsanitize=fuzzer,address,undefined $^ $(LIBS) -ljansson -o $@

# What `make eval` runs; EVAL_OPTIONS= to tests/eval/eval.py.  Beacons at the level of events:
EVAL_OPTIONS ?=
EVAL_OBJS := $(filter-out %/evasion_scores.o,$(call objects,tests/eval/*.c))
$(EVAL_OBJS): BASE_FLAGS += -Itools
$(OUT)/eval/grid: $(EVAL_OBJS) $(OUT)/tools/gen/draw.o $(call archive,$(SEEN_all)) \
		$(OUT)/lists_builtin.o
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# How near to a threshold is what stays below it.
$(OUT)/evasion_scores: $(OUT)/tests/eval/evasion_scores.o $(call archive,$(SEEN_all)) $(OUT)/lists_builtin.o
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

BENCH_TOOLS := $(patsubst tests/bench/%.c,$(OUT)/bench/%,$(wildcard tests/bench/*.c))
$(BENCH_TOOLS): $(OUT)/bench/%: $(OUT)/tests/bench/%.o
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $^ $(LIBS) -o $@
$(OUT)/bench/scoring $(OUT)/bench/evidence: $(call archive,$(SEEN_all)) $(OUT)/lists_builtin.o

# The kernel programs beside a yardstick, and what reads them.
$(OUT)/bench/%.bpf.o: tests/bench/datapath/%.bpf.c $(wildcard tests/bench/datapath/*.h include/skua/*.h)
	$(call say,BPF,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c $< -o $@
$(OUT)/bench/%.skel.h: $(OUT)/bench/%.bpf.o
	$(call say,GEN,$@)
	$(Q)bpftool gen skeleton $< name $* > $@
BENCH_PROGRAMS := $(patsubst tests/bench/datapath/%.bpf.c,%,$(wildcard tests/bench/datapath/*.bpf.c))
BENCH_OBJS := $(patsubst %.c,$(OUT)/%.o,$(filter-out %.bpf.c,$(wildcard tests/bench/datapath/*.c)))
$(OUT)/tests/bench/empty_tc.o: $(OUT)/bench/drive_object.skel.h
$(BENCH_OBJS): $(OUT)/agent.skel.h $(BENCH_PROGRAMS:%=$(OUT)/bench/%.skel.h)
$(OUT)/bench/datapath: $(BENCH_OBJS) $(call archive,$(SEEN_all)) $(OUT)/lists_builtin.o
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

demo: ## install what is missing, build, and find things in live traffic
	$(Q)tools/setup.sh demo
	$(Q)$(MAKE) --no-print-directory $(JOBS) $(OUT)/skua $(OUT)/skua-gen
	$(Q)OUT=$(OUT) tools/demo.sh

check: ## install what is missing, build, run all tests
	$(Q)tools/setup.sh check
	$(Q)$(MAKE) --no-print-directory check-run

# Build in parallel, run one after the other.
check-build: $(OUT)/skua $(OUT)/skua-gen $(UNITS) $(OUT)/parity $(OUT)/schema/records \
		$(OUT)/eval/grid $(OUT)/evasion_scores $(OUT)/serve/agent $(EVIDENCE_TOOLS) \
		$(OUT)/state/writer $(FUZZERS) $(LAB_TOOLS) $(LAB_BPF) \
		$(LAB_PRELOADS)
LAB_RUN := quick
# Run together: they touch neither interfaces nor each other's files.
LIVE_UNITS := $(filter %/capture_live %/capture_links,$(UNITS))
TOGETHER_all := 'tests/without/run.sh all' 'tests/oracle/tshark.sh packets' 'tests/oracle/tshark.sh hierarchy'
TOGETHER := tests/gen/run.sh 'tests/evidence/forge.sh 1000' 'tests/oracle/tshark.sh rows' \
	tests/oracle/totals.sh 'tests/parity/replay.sh sample' 'tests/oracle/tshark.sh tables' \
	tests/static.sh $(filter-out $(LIVE_UNITS),$(UNITS)) '$(OUT)/parity 1 1000000' \
	tests/eval/run.sh tests/eval/grid.sh tests/eval/evasion.sh \
	tests/findings/run.sh tests/explain/run.sh tests/explain/tune.sh tests/corpus/run.sh \
	tests/oracle/counts.sh 'tests/oracle/tshark.sh ja4' 'tests/oracle/tshark.sh analyze' \
	'tests/oracle/tshark.sh objects $(LAB_RUN)' 'tests/oracle/all_at_once.sh $(LAB_RUN)' \
	tests/corpus/suspicious.sh \
	'tests/oracle/tshark.sh credentials' \
	tests/records/run.sh \
	'tests/report/run.sh $(LAB_RUN)' \
	tests/suite/run.sh tests/suite/npm.sh tests/deploy/plugin.sh tests/mutate/run.sh \
	tests/sinks/schemas.sh tests/words/run.sh tests/without/run.sh $(TOGETHER_$(LAB_RUN))
# Real peers: containers, packages, clusters.
DEPLOY_all := tests/deploy/upgrade.sh tests/deploy/deb.sh tests/deploy/image.sh \
	tests/deploy/kubernetes.sh tests/deploy/pods.sh tests/deploy/kube_play.sh tests/deploy/cross.sh
# What needs a heavy peer, and interfaces.
ALONE_all := tests/sinks/rsyslog.sh
ALONE := $(LIVE_UNITS) tests/journal/run.sh tests/state/run.sh tests/evidence/triggers.sh \
	'tests/schema/run.sh $(OUT)/findings/*.jsonl $(OUT)/triggers/*.jsonl $(OUT)/states/*.jsonl $(OUT)/records/*.jsonl' \
	tests/serve/run.sh tests/serve/snapshot.sh tests/serve/extcap.sh tests/serve/hostile.sh \
	'tests/evidence/proof.sh sample' tests/evidence/complete.sh tests/evidence/pretrigger.sh \
	'tests/evidence/churn.sh $(LAB_RUN)' \
	tests/evidence/pcapng.sh tests/evidence/info.sh tests/evidence/export.sh \
	tests/evidence/totals.sh tests/evidence/vault.sh tests/evidence/upload.sh \
	tests/records/live.sh tests/config/run.sh tests/doctor/run.sh tests/metrics/run.sh tests/lab/words.sh tests/lab/ending.sh tests/lab/write.sh tests/lab/pcap_source.sh \
	'tests/lab/run.sh $(LAB_RUN)' $(DEPLOY_$(LAB_RUN)) tests/docs/run.sh \
	tests/deploy/systemd.sh tests/sinks/run.sh $(ALONE_$(LAB_RUN)) \
	'tests/identity/run.sh $(LAB_RUN)' \
	'tests/sanitize.sh $(LAB_RUN)' 'FUZZ_SEED=1 tests/fuzz.sh 5 $(FUZZ_CHECK)'
# Seconds that one may take: a hang, not slowness, ends there.
LIMIT_quick := 1800
LIMIT_all := 14400
check-run:
	$(Q)$(MAKE) --no-print-directory $(JOBS) check-build
	$(Q)OUT=$(OUT) MAKE="$(MAKE)" SAN="$(SAN)" TEST_LIMIT=$(or $(TEST_LIMIT),$(LIMIT_$(LAB_RUN))) tests/run.sh $(TOGETHER) -- $(ALONE)

check-all: ## check, and what takes longer or needs heavy peers
	$(Q)OUT=$(OUT) tools/setup.sh check-all
	$(Q)$(MAKE) --no-print-directory check-run LAB_RUN=all
	$(Q)$(MAKE) --no-print-directory vm-check

vm-check: ## live and offline on Debian's kernels 6.1 and 6.12, in emulated machines
	$(Q)OUT=$(OUT) tools/setup.sh vm
	$(Q)$(MAKE) --no-print-directory $(JOBS) $(OUT)/skua $(OUT)/skua-gen $(OUT)/parity $(OUT)/vm/steps \
		$(OUT)/unit/capture_live
	$(Q)$(MAKE) --no-print-directory $(JOBS) OUT=$(OUT)/vm/newest CLANG=$(NEWEST_CLANG) \
		$(OUT)/vm/newest/parity $(OUT)/vm/newest/vm/steps
	$(Q)OUT=$(OUT) TEST_LIMIT=$(or $(TEST_LIMIT),$(LIMIT_all)) tests/run.sh 'tests/vm/run.sh 6.1' 'tests/vm/run.sh 6.12' --

parity: ## both engines over every capture there is and FRAMES random ones (root; an hour)
	$(Q)tools/setup.sh check
	$(Q)$(MAKE) --no-print-directory -j2 $(OUT)/skua $(OUT)/skua-gen $(OUT)/parity
	$(Q)OUT=$(OUT) TEST_LIMIT=$(or $(TEST_LIMIT),0) tests/run.sh 'tests/parity/replay.sh all' \
		'$(OUT)/parity 2 $(FRAMES)'

fuzz: ## run each fuzz harness for SECONDS (60)
	$(Q)tools/setup.sh check
	$(Q)$(MAKE) --no-print-directory $(JOBS) $(FUZZERS)
	$(Q)OUT=$(OUT) TEST_LIMIT=$(or $(TEST_LIMIT),0) tests/run.sh 'tests/fuzz.sh $(SECONDS) $(FUZZERS)'

eval: ## what is found of simulated attacks, and what is not; ABLATE=RULE (or all): without it (minutes)
	$(Q)tools/setup.sh check
	$(Q)$(MAKE) --no-print-directory $(JOBS) $(OUT)/skua $(OUT)/skua-gen $(OUT)/eval/grid
	$(Q)OUT=$(OUT) python3 tests/eval/eval.py $(EVAL_OPTIONS) $(if $(ABLATE),--ablate $(ABLATE))

eval-all: ## the same for every cell
	$(Q)$(MAKE) --no-print-directory eval EVAL_OPTIONS='$(EVAL_OPTIONS) --all'

evasion: ## the most that stays below each detector, beside the figures kept; WRITE=1 keeps the new ones (minutes)
	$(Q)tools/setup.sh check
	$(Q)$(MAKE) --no-print-directory $(JOBS) $(OUT)/skua $(OUT)/skua-gen $(OUT)/evasion_scores
	$(Q)OUT=$(OUT) python3 tests/eval/evasion.py $(if $(WRITE),--write)

# SEED= and COUNT= draw others; ONLY=3,17 tries those of the last run again, RESUME=1 goes on with it.
SEED ?= 1
COUNT ?= 60
mutate: ## change COUNT (60) lines of the product, one at a time: do tests notice?  SEED=, ONLY=3,17 (an hour)
	$(Q)tools/setup.sh check
	$(Q)nice -n 5 python3 tools/mutate/run.py --seed $(SEED) --count $(COUNT) $(if $(ONLY),--only $(ONLY)) \
		$(if $(RESUME),--resume) --out $(OUT)

bench: ## time replay and live capture beside other tools (live: root; minutes)
	$(Q)tools/setup.sh bench
	$(Q)$(MAKE) --no-print-directory $(JOBS) $(OUT)/skua $(OUT)/skua-gen $(BENCH_TOOLS) \
		$(OUT)/bench/datapath
	$(Q)OUT=$(OUT) tests/bench/offline.sh
	$(Q)OUT=$(OUT) tests/bench/analyze.sh
	$(Q)OUT=$(OUT) tests/bench/analyze_memory.sh
	$(Q)$(OUT)/bench/scoring
	$(Q)$(OUT)/bench/evidence
	$(Q)OUT=$(OUT) tests/bench/live.sh || [ $$? = 77 ]

.PHONY: demo units check check-build check-run check-all vm-check parity fuzz eval eval-all evasion mutate bench
