/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "probe/announcement.h"

/* As QEMU sends it (net/announce.c) for 52:54:00:4d:47:00, and as Linux does for 10.112.1.1. */
static const guint8 rarp[] = {
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54, 0x00, 0x4d, 0x47, 0x00, 0x80, 0x35,
  0x00, 0x01, 0x08, 0x00, 6,    4,    0x00, 0x03, 0x52, 0x54, 0x00, 0x4d, 0x47, 0x00,
  0,    0,    0,    0,    0x52, 0x54, 0x00, 0x4d, 0x47, 0x00, 0,    0,    0,    0,
};
static const guint8 arp[] = {
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54, 0x00, 0x4d, 0x47, 0x00, 0x08, 0x06,
  0x00, 0x01, 0x08, 0x00, 6,    4,    0x00, 0x01, 0x52, 0x54, 0x00, 0x4d, 0x47, 0x00,
  10,   112,  1,    1,    0,    0,    0,    0,    0,    0,    10,   112,  1,    1,
};

static void
test_frames (void)
{
  MigAnnouncement announcement;
  guint8 frame[sizeof arp];

  g_assert_true (mig_announcement_parse_frame (rarp, sizeof rarp, &announcement));
  g_assert_cmpint (announcement.kind, ==, MIG_ANNOUNCEMENT_RARP);
  g_assert_cmpstr (announcement.mac, ==, "52:54:00:4d:47:00");
  g_assert_true (mig_announcement_parse_frame (arp, sizeof arp, &announcement));
  g_assert_cmpint (announcement.kind, ==, MIG_ANNOUNCEMENT_ARP);
  g_assert_cmpstr (announcement.mac, ==, "52:54:00:4d:47:00");
  g_assert_false (mig_announcement_parse_frame (arp, sizeof arp - 1, &announcement));
  memcpy (frame, arp, sizeof frame);
  frame[41] = 2; /* asks for another: announces nothing */
  g_assert_false (mig_announcement_parse_frame (frame, sizeof frame, &announcement));
  memset (frame + 28, 0, 4); /* asks whether an address is free (RFC 5227) */
  memset (frame + 38, 0, 4);
  g_assert_false (mig_announcement_parse_frame (frame, sizeof frame, &announcement));
  memcpy (frame, arp, sizeof frame);
  frame[18] = 8; /* addresses of another length */
  g_assert_false (mig_announcement_parse_frame (frame, sizeof frame, &announcement));
}

static void
test_line (void)
{
  const MigAnnouncement sent = { MIG_ANNOUNCEMENT_ARP, "52:54:00:4d:47:00", 12345 };
  static const char *const bad[] = { "announced",
                                     "announced arp 12345",
                                     "announced icmp 12345 52:54:00:4d:47:00",
                                     "announced arp x 52:54:00:4d:47:00",
                                     "announced arp 12345 52:54:00:4d:47:0",
                                     "announced arp 12345 52:54:00:4d:47:00:",
                                     "arp 12345 52:54:00:4d:47:00" };
  g_autoptr (GString) text = g_string_new (NULL);
  MigAnnouncement read;

  mig_announcement_format (text, &sent);
  g_assert_cmpstr (text->str, ==, "announced arp 12345 52:54:00:4d:47:00\n");
  g_string_truncate (text, text->len - 1);
  g_assert_true (mig_announcement_parse (text->str, &read));
  g_assert_cmpint (read.kind, ==, MIG_ANNOUNCEMENT_ARP);
  g_assert_cmpint (read.time_ns, ==, 12345);
  g_assert_cmpstr (read.mac, ==, "52:54:00:4d:47:00");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mig_announcement_parse (bad[i], &read));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/announcement/frames", test_frames);
  g_test_add_func ("/announcement/line", test_line);
  return g_test_run ();
}
