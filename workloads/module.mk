# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += workloads/libprotocol.a workloads/libguest.a
workloads_libprotocol_a_SOURCES = \
	workloads/command.c workloads/command.h \
	workloads/line-reader.c workloads/line-reader.h \
	workloads/protocol.c workloads/protocol.h

# The guest program without its main: for the unit tests, with all warnings and sanitizers.
workloads_libguest_a_SOURCES = \
	workloads/blocks.c workloads/blocks.h \
	workloads/clock.c \
	workloads/console.c workloads/console.h \
	workloads/cpu.c \
	workloads/guest.h \
	workloads/heartbeat.c workloads/heartbeat.h \
	workloads/idle.c \
	workloads/io.c \
	workloads/laps.c workloads/laps.h \
	workloads/limits.h \
	workloads/memory.c workloads/memory.h \
	workloads/modules.c workloads/modules.h \
	workloads/network.c workloads/network.h \
	workloads/options.c workloads/options.h \
	workloads/paced.c workloads/paced.h \
	workloads/pacer.c workloads/pacer.h \
	workloads/pages.c workloads/pages.h \
	workloads/permutation.c workloads/permutation.h \
	workloads/server.c workloads/server.h \
	workloads/streams.c workloads/streams.h \
	workloads/thread.c workloads/thread.h \
	workloads/workload.c workloads/workload.h

# The same as an ordinary program.
check_PROGRAMS += workloads/migcost-guest-check
workloads_migcost_guest_check_SOURCES = workloads/main.c
workloads_migcost_guest_check_LDADD = workloads/libguest.a workloads/libprotocol.a -lpthread

# And as it goes into the guests: static, by GUEST_CC, without sanitizers. All sources in one go,
# so that there are no objects to confuse with the others.
guest_files = \
	workloads/main.c $(workloads_libguest_a_SOURCES) $(workloads_libprotocol_a_SOURCES)
CLEANFILES += workloads/migcost-guest workloads/guest.cpio.gz workloads/guest.cpio.gz.part
link_guest = -std=gnu11 -DHAVE_CONFIG_H -I. -I$(top_srcdir) $(GUEST_CFLAGS) -static -pthread -s -o $@ \
	  $$(for f in $(filter %.c,$(guest_files)); do echo $(top_srcdir)/$$f; done)
workloads/migcost-guest: $(guest_files) config.h
	$(AM_V_CCLD)$(MKDIR_P) workloads && $(GUEST_CC) $(link_guest)

# The initramfs of all workloads, by a program that runs here and now, whatever machine migcost is for.
workloads_mkinitramfs_SOURCES = workloads/mkinitramfs.c
workloads_mkinitramfs_CPPFLAGS = $(AM_CPPFLAGS) $(BUILD_CFLAGS)
workloads_mkinitramfs_LDADD = $(BUILD_LIBS)
if CROSS_COMPILING
EXTRA_PROGRAMS += workloads/mkinitramfs
MKINITRAMFS = workloads/mkinitramfs-here
CLEANFILES += $(MKINITRAMFS)
$(MKINITRAMFS): workloads/mkinitramfs.c config.h
	$(AM_V_CCLD)$(MKDIR_P) workloads && \
	$(CC_FOR_BUILD) -std=gnu11 -I. $(BUILD_CFLAGS) -o $@ $(srcdir)/workloads/mkinitramfs.c $(BUILD_LIBS)
else
noinst_PROGRAMS += workloads/mkinitramfs
MKINITRAMFS = workloads/mkinitramfs$(EXEEXT)
endif
guest_DATA += workloads/guest.cpio.gz
workloads/guest.cpio.gz: workloads/migcost-guest $(MKINITRAMFS)
	$(AM_V_GEN)$(MKINITRAMFS) $@.part workloads/migcost-guest && \
	mv $@.part $@
