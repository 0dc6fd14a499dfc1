/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "probe/request.h"

/* Requests as the prober tells them, and as the load generator does. */

static void
test_line (void)
{
  static const char *const bad[] = { "",
                                     "request 0 1 2",
                                     "request 0 1 2 200",
                                     "request 0 1 2 200 - 4",
                                     "request -1 1 2 200 -",
                                     "request 0 -1 2 200 -",
                                     "request 0 - 2 200 -",
                                     "request 0 1 2 - -",
                                     "request 0 1 2 200 4",
                                     "request 0 1 - 200 4",
                                     "request 0 1 - - -",
                                     "requests 0 1 2 200 -" };
  const MigRequest sent = {
    .guest = 3, .sent_ns = 12, .answered_ns = 345, .status = 200, .given_up_ns = MIG_MISSING_INT
  };
  g_autoptr (GString) text = g_string_new (NULL);
  MigRequest read = { 0 };

  mig_request_format (text, &sent);
  g_assert_cmpstr (text->str, ==, "request 3 12 345 200 -\n");
  g_string_truncate (text, text->len - 1);
  g_assert_true (mig_request_parse (text->str, &read));
  g_assert_cmpuint (read.guest, ==, 3);
  g_assert_cmpint (read.sent_ns, ==, 12);
  g_assert_cmpint (read.answered_ns, ==, 345);
  g_assert_cmpint (read.status, ==, 200);
  g_assert_cmpint (read.given_up_ns, ==, MIG_MISSING_INT);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mig_request_parse (bad[i], &read));
}

static void
test_unanswered (void)
{
  const MigRequest sent = { .guest = 3,
                            .sent_ns = 12,
                            .answered_ns = MIG_MISSING_INT,
                            .status = MIG_MISSING_INT,
                            .given_up_ns = 678 };
  g_autoptr (GString) text = g_string_new (NULL);
  MigRequest read = { 0 };

  mig_request_format (text, &sent);
  g_assert_cmpstr (text->str, ==, "request 3 12 - - 678\n");
  g_string_truncate (text, text->len - 1);
  g_assert_true (mig_request_parse (text->str, &read));
  g_assert_cmpint (read.sent_ns, ==, 12);
  g_assert_cmpint (read.answered_ns, ==, MIG_MISSING_INT);
  g_assert_cmpint (read.status, ==, MIG_MISSING_INT);
  g_assert_cmpint (read.given_up_ns, ==, 678);
}

/* Lines of hey 0.1.4, as it wrote them. */
static void
test_hey (void)
{
  static const char *const bad[] = {
    "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset",
    "",
    "0.0012,0.0004,0.0000,0.0000,0.0006,0.0001,200",
    "0.0012,0.0004,0.0000,0.0000,0.0006,0.0001,200,0.1003,1",
    "nan,0.0004,0.0000,0.0000,0.0006,0.0001,200,0.1003",
    "-0.0012,0.0004,0.0000,0.0000,0.0006,0.0001,200,0.1003",
    "0.0012,0.0004,0.0000,0.0000,0.0006,0.0001,200,1e300",
    "0.0012,0.0004,0.0000,0.0000,0.0006,0.0001,OK,0.1003",
  };
  MigRequest request = { .guest = 7 };

  g_assert_true (mig_request_parse_hey ("0.0038,0.0000,0.0000,0.0000,0.0038,0.0000,200,3.0064",
                                        5 * MIG_NS_PER_S, &request));
  g_assert_cmpuint (request.guest, ==, 7);
  g_assert_cmpint (request.sent_ns, ==, 5 * MIG_NS_PER_S + 3006400000);
  g_assert_cmpint (request.answered_ns, ==, request.sent_ns + 3800000);
  g_assert_cmpint (request.status, ==, 200);
  g_assert_cmpint (request.given_up_ns, ==, MIG_MISSING_INT);
  g_assert_true (mig_request_parse_hey ("26.8127,0.0000,0.0000,0.0000,26.8125,0.0001,200,8.2001", 0,
                                        &request));
  g_assert_cmpint (request.answered_ns - request.sent_ns, ==, 26812700000);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mig_request_parse_hey (bad[i], 0, &request));
}

/* What an answer lacks that begins so; one without a length is over with its header. */
static void
test_answer (void)
{
  static const struct {
    const char *beginning;
    guint64 lacks;
  } answers[] = {
    { "", MIG_ANSWER_UNKNOWN },
    { "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n", MIG_ANSWER_UNKNOWN },
    { "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", 4 },
    { "HTTP/1.1 200 OK\r\ncontent-length:4\r\nServer: x\r\n\r\nabc", 1 },
    { "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", 0 },
    { "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcdef", 0 },
    { "HTTP/1.1 200 OK\r\nServer: x\r\n\r\nContent-Length: 9", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    g_assert_cmpuint (mig_answer_lacks (answers[i].beginning, strlen (answers[i].beginning)), ==,
                      answers[i].lacks);
  g_autofree char *endless = g_strnfill (65536, 'a');
  g_assert_cmpuint (mig_answer_lacks (endless, 65535), ==, MIG_ANSWER_UNKNOWN);
  g_assert_cmpuint (mig_answer_lacks (endless, 65536), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/line", test_line);
  g_test_add_func ("/request/unanswered", test_unanswered);
  g_test_add_func ("/request/hey", test_hey);
  g_test_add_func ("/request/answer", test_answer);
  return g_test_run ();
}
