# SPDX-License-Identifier: BSD-2-Clause
# `make CROSS=aarch64`: the agent for another processor, with libraries that lie in build/cross and
# nowhere on this machine; part of the Makefile.
CROSS_DEBIAN_aarch64 := arm64
CROSS_DEBIAN := $(CROSS_DEBIAN_$(CROSS))
ifeq ($(CROSS_DEBIAN),)
$(error CROSS=$(CROSS): only aarch64 is known)
endif
OUT     ?= build/$(CROSS)
SYSROOT := build/cross/$(CROSS_DEBIAN)/root
# What pkg-config finds decides what is built, so the libraries are fetched first.
ifneq ($(shell tools/setup.sh cross >&2 && echo done),done)
$(error CROSS=$(CROSS): compiler or libraries are missing, see above)
endif
CC := $(CROSS)-linux-gnu-gcc --sysroot=$(CURDIR)/$(SYSROOT)
PKG_CONFIG := PKG_CONFIG_SYSROOT_DIR=$(CURDIR)/$(SYSROOT) PKG_CONFIG_PATH= \
	PKG_CONFIG_LIBDIR=$(CURDIR)/$(SYSROOT)/usr/lib/$(CROSS)-linux-gnu/pkgconfig pkg-config
INCLUDES := $(SYSROOT)/usr/include/$(CROSS)-linux-gnu
# How its programs run here.
EMULATOR := qemu-$(CROSS)-static -L $(SYSROOT)
