# SPDX-License-Identifier: GPL-3.0-or-later
# not libvirt.a: that is somebody else's name
noinst_LIBRARIES += src/virt/libvirt_room.a
src_virt_libvirt_room_a_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
src_virt_libvirt_room_a_SOURCES =
