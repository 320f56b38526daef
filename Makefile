# SPDX-License-Identifier: BSD-2-Clause
# `make help` says what there is.  Everything that is made goes to $(OUT).
SAN     ?=
CROSS   ?=
ifneq ($(CROSS),)
include tools/cross.mk
endif
OUT     ?= build$(if $(SAN),/$(subst $(comma),-,$(SAN)))
CC      := $(if $(filter default,$(origin CC)),cc,$(CC))
CLANG   ?= clang
PKG_CONFIG ?= pkg-config
INCLUDES   ?= /usr/include/$(shell uname -m)-linux-gnu
PREFIX  ?= /usr/local
# What runs a program that was built for another processor.
EMULATOR ?=
DESTDIR ?=
SECONDS ?= 60
comma   := ,
# Decimal points, messages and sorting as the tests know them, whatever the user's language.
export LC_ALL := C.UTF-8
unexport LANGUAGE
# Where Debian has bpftool, and where its users do not look.
export PATH := $(PATH):/usr/sbin:/sbin
# A test leaves the tree as it was.
export PYTHONDONTWRITEBYTECODE := 1
# As many jobs as processors, unless the caller said how many.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' "$(1)" "$(2)")

WARN   := -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
# -ffp-contract=off: a fused multiply-add would make scores differ from machine to machine.
CFLAGS ?= -O2 -g
SAN_FLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
REQUIRED := libbpf libelf libmnl yaml-0.1 libpcap libpsl libsodium nettle libcap-ng libseccomp zlib
# What is used where it is installed; WITHOUT='jansson libcurl' leaves some out all the same.
OPTIONAL := libzstd liblz4 libcurl jansson libmicrohttpd
WITHOUT ?=
HAVE := $(strip $(foreach lib,$(filter-out $(WITHOUT),$(OPTIONAL)),\
	$(shell $(PKG_CONFIG) --exists $(lib) 2>/dev/null && echo $(lib))))
HAVE_FLAGS := $(patsubst %,-DHAVE_%,$(shell echo $(HAVE) | tr a-z A-Z))
BASE_FLAGS = -std=gnu11 -D_GNU_SOURCE -Iinclude -Iuser -I$(OUT) $(WARN) -ffp-contract=off \
	-fno-strict-aliasing $(HAVE_FLAGS)
ALL_CFLAGS = $(BASE_FLAGS) $(CFLAGS) $(SAN_FLAGS) -MMD -MP
BPF_CFLAGS := -g -O2 -mcpu=v3 -Wall -Wextra -Werror -target bpf -Iinclude -Ibpf \
	-idirafter $(INCLUDES)
LIBS := -lbpf -lelf -lmnl -lyaml -lpcap -lpsl -lsodium -lnettle -lcap-ng -lseccomp -lz -lm $(if $(HAVE),$(shell $(PKG_CONFIG) --libs $(HAVE)))

# The floors of the house, top last; a unit test of one links it and what it may include
# (tools/layers).
FLOORS := base kube report dissect track record detect capture analyze logs pipeline serve sinks page \
	option config session client replay run explain analyst copy doctor selftest
SEEN_core     := base
SEEN_base     := base
SEEN_kube     := kube base
SEEN_report   := report base
SEEN_dissect  := dissect base
SEEN_track    := track dissect base
SEEN_record   := record report base
SEEN_detect   := detect track dissect report base
SEEN_capture  := capture base
SEEN_analyze  := analyze report dissect base
SEEN_logs     := logs analyze report dissect base
SEEN_pipeline := pipeline capture detect record track dissect report base
SEEN_serve    := serve report base
SEEN_sinks    := sinks report base
SEEN_page     := page track dissect report base
SEEN_option   := option base
SEEN_config   := config option base
SEEN_copy     := copy record capture report base
SEEN_all      := selftest doctor copy analyst explain run replay client session config option kube page sinks serve pipeline logs analyze capture detect record track dissect report base
archive = $(foreach floor,$(1),$(if $(wildcard user/$(floor)/*.c),$(OUT)/$(floor).a))
objects = $(patsubst %.c,$(OUT)/%.o,$(wildcard $(1)))

BPF_OBJS := $(patsubst bpf/%.bpf.c,$(OUT)/bpf/%.bpf.o,$(wildcard bpf/*.bpf.c))

all: $(OUT)/skua $(BPF_OBJS) ## build the program, and the kernel programs it shares its core with

help: ## this text
	@echo 'Usage: make [TARGET] [V=1] [SAN=address,undefined] [CROSS=aarch64] [WITHOUT=LIBRARY] [OUT=DIR] [DESTDIR=DIR] [PREFIX=DIR]'
	@sed -n 's/[$$](OUT)/build/g; s/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | \
		awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

define floor_rule
$(OUT)/$(1).a: $(call objects,user/$(1)/*.c)
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach floor,$(FLOORS),$(eval $(call floor_rule,$(floor))))

# Whoever lacks something is told what, and how to get it, before a compiler says it in its own way.
$(OUT)/tools-are-here:
	$(Q)for tool in $(firstword $(CC)) $(CLANG) bpftool pkg-config; do \
		command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	[ -n "$$missing" ] || missing=$$($(PKG_CONFIG) --print-errors --exists $(REQUIRED) 2>&1 | \
		sed -n "s/^Package '*\([^ ',]*\).* not found$$/ \1/p" | tr -d '\n'); \
	[ -z "$$missing" ] || { echo "make: not here:$$missing; 'tools/setup.sh build' installs what is missing" >&2; exit 1; }
	$(Q)mkdir -p $(@D) && touch $@

$(OUT)/%.o: %.c | $(OUT)/tools-are-here
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

# The list files are part of the program; --lists replaces them.
$(OUT)/lists_builtin.c: tools/embed-lists.sh $(wildcard deploy/lists/*.txt)
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)tools/embed-lists.sh $(sort $(wildcard deploy/lists/*.txt)) > $@
$(OUT)/lists_builtin.o: $(OUT)/lists_builtin.c
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

# Style and script of the HTML report are part of the program, too.
PAGE_FILES := tools/web/report.css tools/web/report.js
$(OUT)/page_builtin.c: tools/embed-page.sh $(PAGE_FILES)
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)tools/embed-page.sh $(PAGE_FILES) > $@
$(OUT)/page_builtin.o: $(OUT)/page_builtin.c
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

$(OUT)/skua: $(call objects,user/*.c) $(call archive,$(SEEN_all)) $(OUT)/lists_builtin.o \
		$(OUT)/page_builtin.o
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# Makes captures from scenarios.
$(OUT)/skua-gen: $(call objects,tools/gen/*.c) $(OUT)/base.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -lm -o $@

# The kernel programs: one object, one skeleton, shared maps.
$(OUT)/bpf/%.bpf.o: bpf/%.bpf.c $(wildcard bpf/*.h include/skua/*.h)
	$(call say,BPF,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c $< -o $@
$(OUT)/agent.skel.h: $(BPF_OBJS)
	$(call say,GEN,$@)
	$(Q)bpftool gen object $(OUT)/agent.bpf.o $^
	$(Q)bpftool gen skeleton $(OUT)/agent.bpf.o name agent > $@

$(OUT)/user/capture/loader.o: $(OUT)/agent.skel.h

install: $(OUT)/skua ## install below $(DESTDIR)$(PREFIX)
	install -D -m 755 $(OUT)/skua $(DESTDIR)$(PREFIX)/bin/skua
	install -d $(DESTDIR)$(PREFIX)/share/skua/lists
	install -m 644 deploy/lists/*.txt $(DESTDIR)$(PREFIX)/share/skua/lists
	install -D -m 644 deploy/man/skua.8 $(DESTDIR)$(PREFIX)/share/man/man8/skua.8
	install -D -m 644 deploy/man/skua.yaml.5 $(DESTDIR)$(PREFIX)/share/man/man5/skua.yaml.5
	install -D -m 644 deploy/man/skua-findings.5 $(DESTDIR)$(PREFIX)/share/man/man5/skua-findings.5
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/zsh/vendor-completions \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(EMULATOR) $(OUT)/skua completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/skua
	$(EMULATOR) $(OUT)/skua completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/vendor-completions/_skua
	$(EMULATOR) $(OUT)/skua completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/skua.fish
	install -D -m 644 deploy/skua.yaml $(DESTDIR)$(PREFIX)/share/doc/skua/skua.yaml

# Where Debian's Wireshark looks, whatever PREFIX is; EXTCAP_DIR= for others.
EXTCAP_DIR ?= /usr/lib/$(shell $(CC) -print-multiarch 2>/dev/null)/wireshark/extcap
install-extcap: install ## install, and make the agent an interface in Wireshark
	install -d $(DESTDIR)$(EXTCAP_DIR)
	ln -sfn $(PREFIX)/bin/skua $(DESTDIR)$(EXTCAP_DIR)/skua-extcap

# What the table of options says, in the sample and in the manual.
config-files: $(OUT)/skua ## write deploy/skua.yaml and the list of skua.yaml(5) anew
	$(OUT)/skua config dump --commented > deploy/skua.yaml
	sed -i '/^\.\\" begin/,/^\.\\" end/{/^\.\\"/!d}' deploy/man/skua.yaml.5
	$(OUT)/skua config dump --mdoc | sed -i '/^\.\\" begin/r /dev/stdin' deploy/man/skua.yaml.5

image: $(OUT)/skua ## make an OCI image with buildah, and say what is in it: $(OUT)/image
	$(Q)tools/setup.sh image
	$(Q)OUT=$(OUT) deploy/image/build.sh

deb: ## build the Debian package, in $(OUT)/deb
	$(Q)tools/setup.sh deb
	$(Q)OUT=$(OUT) tools/deb.sh

clean: ## remove what was made
	$(Q)$(RM) -r $(OUT)

format: ## lay out every source file as .clang-format says
	clang-format -i $(shell find bpf include user tools tests -name '*.[ch]')

include tests/tests.mk

.PHONY: all help install install-extcap config-files image deb clean format
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(OUT) -path $(OUT)/deb -prune -o -name '*.d' -type f -print 2>/dev/null)
