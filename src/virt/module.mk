# SPDX-License-Identifier: GPL-3.0-or-later
# not libvirt.a: that is somebody else's name
noinst_LIBRARIES += src/virt/libvirt_room.a
src_virt_libvirt_room_a_SOURCES = \
	src/virt/capability.c src/virt/capability.h \
	src/virt/connect.c \
	src/virt/console.c src/virt/console.h \
	src/virt/definition.c src/virt/definition.h \
	src/virt/demand.c src/virt/demand.h \
	src/virt/domain-tree.c src/virt/domain-tree.h src/virt/domain-xml.c src/virt/domain-xml.h \
	src/virt/error.c \
	src/virt/events.c src/virt/events.h \
	src/virt/guest-cpu.c src/virt/guest-cpu.h \
	src/virt/node-memory.c src/virt/node-memory.h \
	src/virt/guest.c src/virt/guest.h \
	src/virt/host.c src/virt/host.h \
	src/virt/inspect.c src/virt/inspect.h \
	src/virt/internal.h \
	src/virt/job.c \
	src/virt/loop.c src/virt/loop.h \
	src/virt/machine-type.c src/virt/machine-type.h \
	src/virt/migrate.c src/virt/migrate.h src/virt/migrate-options.c \
	src/virt/obstacle.c src/virt/obstacle.h src/virt/obstacle-at.c src/virt/obstacle-list.h \
	src/virt/obstacle-disk.c src/virt/obstacle-disk.h src/virt/obstacle-emulator.c \
	src/virt/obstacle-question.h src/virt/obstacle-storage.c \
	src/virt/cpu-map.c src/virt/cpu-map.h \
	src/virt/management-pin.c \
	src/virt/pin.c src/virt/pin.h \
	src/virt/pool.c src/virt/pool.h src/virt/pool-private.h \
	src/virt/pool-attempt.c src/virt/pool-attempt.h \
	src/virt/save-image.c src/virt/save-image.h \
	src/virt/shared-upload.c src/virt/shared-upload.h \
	src/virt/slow-bridge.c src/virt/slow-bridge.h \
	src/virt/spare.c \
	src/virt/ssh-transport.c src/virt/ssh-transport.h \
	src/virt/standstill.c src/virt/standstill.h \
	src/virt/stop-limits.c src/virt/stop-limits.h \
	src/virt/stats.c src/virt/stats.h \
	src/virt/technique.c \
	src/virt/template.c src/virt/template.h \
	src/virt/upload.c src/virt/upload.h \
	src/virt/upload-lease.c src/virt/upload-lease.h \
	src/virt/upload-name.c src/virt/upload-name.h \
	src/virt/volume-content.c src/virt/volume-content.h \
	src/virt/xml-values.c src/virt/xml-values.h

# what libvirt starts in place of ssh
pkglibexec_PROGRAMS += src/virt/migcost-ssh
src_virt_migcost_ssh_SOURCES = src/virt/migcost-ssh.c
