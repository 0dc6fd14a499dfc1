/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Packets by which a guest that has moved shows switches and neighbours where it is now. */

typedef enum {
  MIG_ANNOUNCEMENT_RARP, /* the hypervisor sends it for the guest (RFC 903's format, with no IP
                            address): it moves entries of switches */
  MIG_ANNOUNCEMENT_ARP,  /* gratuitous ARP of the guest's kernel (RFC 5227): neighbours' too */
  MIG_N_ANNOUNCEMENT_KINDS
} MigAnnouncementKind;

/* mig_announcement_kind_name: "rarp", "arp". */
const char *mig_announcement_kind_name (MigAnnouncementKind kind);

#define MIG_MAC_TEXT_BYTES 18

typedef struct {
  MigAnnouncementKind kind;
  char mac[MIG_MAC_TEXT_BYTES]; /* whose, as libvirt writes it: "52:54:00:4d:47:00" */
  gint64 time_ns;               /* arrival, CLOCK_MONOTONIC */
} MigAnnouncement;

/* mig_announcement_parse_frame: of Ethernet; sets kind and mac. FALSE: it announces nothing. Pure.
 */
gboolean mig_announcement_parse_frame (const guint8 *frame, gsize size,
                                       MigAnnouncement *announcement);

/* mig_announcement_format: its line (prober.h), at the end of the text. mig_announcement_parse:
 * FALSE: it is none. */
void mig_announcement_format (GString *text, const MigAnnouncement *announcement);
gboolean mig_announcement_parse (const char *line, MigAnnouncement *announcement);

/* mig_announcements_open: a socket that gets those of all networks that this process sees; -1: it
 * may not (CAP_NET_RAW). mig_announcements_take: appends all that are there to an array of
 * MigAnnouncement. */
int mig_announcements_open (void);
void mig_announcements_take (int fd, GArray *announcements);
