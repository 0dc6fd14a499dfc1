/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "hosts/journal.h"
#include "hosts/undo.h"
#include "lab/directory.h"
#include "virt/guest.h"
#include "virt/loop.h"
#include "virt/migrate.h"
#include "virt/pin.h"
#include "virt/domain-xml.h"

/* What is taken back, and what is not, on hosts that libvirt makes up for tests. */

#define NAME "migcost-x"

static char *top;

/* ---- what happens in between: in place of libvirt's and the system's calls ---- */

static gboolean unreadable;     /* a guest's XML */
static GString *destroyed;      /* on which hosts domains are, in turn: their nodes' files; NULL */
static gboolean recovers_first; /* another process, before a journal is locked */
static const char *leaving;     /* a migration takes guests away from this host's node; NULL */
static GString *pinned;         /* on which nodes vCPUs are pinned, in turn; NULL */

/* node_of: the caller frees it. */
static char *
node_of (virDomainPtr domain)
{
  char *uri = virConnectGetURI (virDomainGetConnect (domain));
  char *node = g_path_get_basename (uri);

  free (uri);
  return node;
}

int
virDomainGetJobStats (virDomainPtr domain, int *type, virTypedParameterPtr *params, int *n,
                      unsigned int flags)
{
  g_autofree char *node = node_of (domain);
  int allocated = 0;

  *params = NULL;
  *n = 0;
  *type = g_strcmp0 (node, leaving) == 0 ? VIR_DOMAIN_JOB_UNBOUNDED : VIR_DOMAIN_JOB_NONE;
  return virTypedParamsAddInt (params, n, &allocated, VIR_DOMAIN_JOB_OPERATION,
                               VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT);
}

int
virDomainPinVcpu (virDomainPtr domain, unsigned int vcpu, unsigned char *map, int length)
{
  int (*pin) (virDomainPtr, unsigned int, unsigned char *, int) = (int (*) (
      virDomainPtr, unsigned int, unsigned char *, int)) dlsym (RTLD_NEXT, "virDomainPinVcpu");
  g_autofree char *node = node_of (domain);

  if (pinned)
    g_string_append_printf (pinned, "%s ", node);
  return pin (domain, vcpu, map, length);
}

char *
virDomainGetXMLDesc (virDomainPtr domain, unsigned int flags)
{
  char *(*get) (virDomainPtr, unsigned int) = (char *(*) (virDomainPtr, unsigned int) ) dlsym (
      RTLD_NEXT, "virDomainGetXMLDesc");
  return unreadable ? NULL : get (domain, flags);
}

int
virDomainDestroy (virDomainPtr domain)
{
  int (*destroy) (virDomainPtr) = (int (*) (virDomainPtr)) dlsym (RTLD_NEXT, "virDomainDestroy");
  char *uri = virConnectGetURI (virDomainGetConnect (domain));

  if (destroyed)
    g_string_append_printf (destroyed, "%s ", strrchr (uri, '/') + 1);
  free (uri);
  return destroy (domain);
}

int
flock (int fd, int operation)
{
  guint recovered = 0;

  if (recovers_first)
    {
      recovers_first = FALSE;
      mig_undo_recover (&recovered, NULL);
    }
  return (int) syscall (SYS_flock, fd, operation);
}

/* ---- what is there ---- */

/* open_host_of: one on which a domain of that name runs, as migcost starts it or, without a mark,
 * as somebody else does. file: what its node is made of. */
static MigHost *
open_host_of (const char *file, const char *uuid, gboolean marked)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *domain = g_strdup_printf (
      "<domain type='test'><name>" NAME
      "</name><uuid>%s</uuid><metadata>%s</metadata><memory>65536</memory>"
      "<os><type>hvm</type></os></domain>",
      uuid,
      marked ? "<m:guest xmlns:m='https://github.com/migcost/migcost/domain/1' owner=''/>" : "");
  g_autofree char *node = g_strdup_printf ("<node>%s</node>", domain);
  g_autofree char *path = g_build_filename (top, file, NULL);
  g_autofree char *uri = g_strdup_printf ("test://%s", path);

  g_assert_true (mig_domain_xml_is_marked (domain) == marked);
  g_assert_true (g_file_set_contents (path, node, -1, NULL));
  MigHost *host = mig_host_open ("h", uri, &error);
  g_assert_no_error (error);
  return host;
}

static MigHost *
open_host (const char *uuid, gboolean marked)
{
  return open_host_of ("node.xml", uuid, marked);
}

static gboolean
runs (MigHost *host, const char *uuid)
{
  MigGuestState state;
  g_autoptr (GError) error = NULL;
  mig_host_guest_state (host, uuid, &state, &error);
  g_assert_no_error (error);
  return state == MIG_GUEST_RUNNING;
}

/* uuid: of the change that is taken back; found: of the domain that is there. It goes or stays. */
static void
check (const char *uuid, const char *found, gboolean marked, gboolean goes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigHost) host = open_host (found, marked);
  g_autoptr (MigUndo) undo = mig_undo_new (&error);
  guint id;

  g_assert_no_error (error);
  g_assert_true (mig_undo_push_domain (undo, host, NAME, uuid, &id, NULL));
  g_assert_true (runs (host, found));
  g_assert_true (mig_undo_all (undo, &error));
  g_assert_no_error (error);
  g_assert_cmpint (runs (host, found), ==, !goes);
}

static void
test_whose (void)
{
  g_autofree char *ours = g_uuid_string_random (), *other = g_uuid_string_random ();

  check (ours, ours, TRUE, TRUE);
  check (ours, ours, FALSE, FALSE);
  check (ours, other, TRUE, FALSE);
  check (ours, other, FALSE, FALSE);
}

/* A guest that is on no host any more is not there. */
static void
test_absent (void)
{
  g_autofree char *there = g_uuid_string_random (), *other = g_uuid_string_random ();
  g_autoptr (MigHost) host = open_host (there, TRUE);
  MigGuestState state;

  g_assert_true (mig_host_guest_state (host, other, &state, NULL));
  g_assert_cmpint (state, ==, MIG_GUEST_ABSENT);
}

/* Whose a guest is cannot be read for a while: then it is neither ended nor forgotten. */
static void
test_unreadable (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr (MigHost) host = open_host (uuid, TRUE);
  g_autoptr (MigUndo) undo = mig_undo_new (&error);
  guint id;

  g_assert_no_error (error);
  g_assert_true (mig_undo_push_domain (undo, host, NAME, uuid, &id, NULL));
  unreadable = TRUE;
  g_assert_false (mig_undo_all (undo, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  unreadable = FALSE;
  g_assert_true (runs (host, uuid));
  g_assert_true (mig_undo_all (undo, &error));
  g_assert_no_error (error);
  g_assert_false (runs (host, uuid));
}

/* ---- journals of processes that were killed ---- */

static char *
journal_path (const char *name)
{
  return g_build_filename (g_get_user_state_dir (), "migcost", "undo", name, NULL);
}

/* recover: from a journal of that content; how many changes are taken back. It is gone afterwards,
 * or it stays. */
static guint
recover (const char *content, gboolean stays)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = journal_path ("journal-dead");
  g_autofree char *folder = g_path_get_dirname (path);
  guint recovered = 0;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  g_assert_true (mig_undo_recover (&recovered, &error));
  g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, stays);
  g_unlink (path);
  return recovered;
}

/* The last line is half. */
static void
test_recover (void)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr (MigHost) host = open_host (uuid, TRUE);
  g_autofree char *journal = g_strdup_printf ("did\t1\tdomain\t%s\t" NAME
                                              " %s\ndid\t2\tdomain\t%s\tforei",
                                              mig_host_uri (host), uuid, mig_host_uri (host));

  g_assert_cmpuint (recover (journal, FALSE), ==, 1);
}

/* stays: with a host of that URI, which does not answer. */
static void
check_silent (const char *uri, gboolean stays)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *journal = g_strdup_printf ("did\t1\tdomain\t%s\t" NAME " %s\n", uri, uuid);

  g_assert_cmpuint (recover (journal, stays), ==, 0);
}

/* A host that does not answer may have what was left on it: also one whose socket is away while its
 * daemon is stopped. Only a lab takes all with it. */
static void
test_silent (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *base = mig_lab_directory_base (&error);
  g_assert_no_error (error);
  g_autofree char *other = g_strdup_printf ("qemu+unix:///session?socket=%s/no-lab/sock", base);
  g_autofree char *lab = g_strdup_printf ("qemu+unix:///session?socket=%s/lab-XXXXXX/0/sock", base);
  g_autofree char *more = g_strconcat (lab, "&mode=direct", NULL);

  check_silent ("qemu+unix:///system?socket=/nonexistent/virtqemud-sock", TRUE);
  check_silent ("qemu+unix:///system?socket=/nonexistent/virtqemud-sock&mode=direct", TRUE);
  check_silent (other, TRUE);
  check_silent (lab, FALSE);
  check_silent (more, FALSE);
}

static void
keep_warning (MigLogLevel level, const char *message, gpointer data)
{
  if (level == MIG_LOG_WARNING)
    g_string_append_printf (data, "%s\n", message);
}

#define AWAY "qemu+unix:///system?socket=/nonexistent/a"

/* A host that cannot be reached is told of once, with all that is left there, and the file. */
static void
test_silent_once (void)
{
  g_autoptr (GString) warnings = g_string_new (NULL);
  g_autofree char *path = journal_path ("journal-dead");
  guint sink = mig_log_add_sink (keep_warning, warnings);

  g_assert_cmpuint (recover ("did\t1\tdomain\t" AWAY "\tx 00000000-0000-4000-8000-000000000001\n"
                             "did\t2\tdomain\t" AWAY "\ty 00000000-0000-4000-8000-000000000002\n"
                             "did\t3\tmanagement-pin\t" AWAY "\t1\n",
                             TRUE),
                    ==, 0);
  mig_log_remove_sink (sink);
  g_assert_true (g_str_has_suffix (warnings->str, "\n"));
  g_assert_true (strchr (warnings->str, '\n') == warnings->str + warnings->len - 1);
  g_assert_nonnull (strstr (warnings->str,
                            "left on " AWAY " (domain 'x 00000000-0000-4000-8000-000000000001', "
                            "domain 'y 00000000-0000-4000-8000-000000000002', "
                            "management-pin '1'): "));
  g_assert_nonnull (strstr (warnings->str, path));
}

/* What is forgotten of a host that is gone is so of that one alone. */
static void
test_gone (void)
{
  g_autofree char *path = journal_path ("journal-dead");
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path,
                                      "did\t1\tmanagement-pin\t" AWAY "\t1\n"
                                      "did\t2\tmanagement-pin\t" AWAY "b\t1\n",
                                      -1, NULL));
  mig_undo_forget_host (AWAY);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  mig_undo_forget_host (AWAY "b");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* A migration was cut off: the guest ends where it is sent from before it ends where it arrives, by
 * the process itself and by the next one. */
static void
test_order (void)
{
  for (guint next = 0; next < 2; next++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *uuid = g_uuid_string_random ();
      g_autoptr (MigHost) source = open_host_of ("source", uuid, TRUE);
      g_autoptr (MigHost) destination = open_host_of ("destination", uuid, TRUE);
      MigUndo *undo = mig_undo_new (&error);
      guint id, recovered = 0;

      g_assert_no_error (error);
      g_assert_true (mig_undo_push_domain (undo, source, NAME, uuid, &id, &error));
      g_assert_true (mig_undo_push_domain (undo, destination, NAME, uuid, &id, &error));
      destroyed = g_string_new (NULL);
      g_assert_true (next || mig_undo_all (undo, &error));
      mig_undo_free (undo); /* not empty: left over */
      g_assert_true (mig_undo_recover (&recovered, &error));
      g_assert_cmpuint (recovered, ==, next ? 2 : 0);
      g_assert_cmpstr (destroyed->str, ==, "source destination ");
      g_string_free (destroyed, TRUE);
      destroyed = NULL;
    }
}

/* While one process makes its journal another one recovers: whoever comes first, what the journal
 * is told stays on the disk. */
static void
test_race (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *folder = journal_path ("");
  g_autoptr (MigHost) host = open_host (uuid, TRUE);
  guint id, found = 0;
  const char *name;

  recovers_first = TRUE;
  g_autoptr (MigUndo) undo = mig_undo_new (&error);
  g_assert_no_error (error);
  g_assert_false (recovers_first);
  g_assert_true (mig_undo_push_domain (undo, host, NAME, uuid, &id, &error));
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = journal_path (name), *content = NULL;
      if (g_file_get_contents (path, &content, NULL, NULL))
        found += strstr (content, uuid) != NULL;
    }
  g_assert_cmpuint (found, ==, 1);
  g_assert_true (mig_undo_all (undo, &error));
}

/* pinned: whether the guest's first vCPU is kept off CPU 0. */
static gboolean
is_off_first (MigGuest *guest)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pins = mig_guest_pins (guest, &error);
  g_assert_no_error (error);
  g_assert_true (mig_pins_are_valid (pins));
  return *pins == '0';
}

/* The pins of a guest that is somebody's: put back where it runs, by whichever host's change, and
 * after a crash. */
static void
test_pins (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uuid = g_uuid_string_random (), *other = g_uuid_string_random ();
  g_autoptr (MigHost) host = open_host (uuid, FALSE);
  g_autoptr (MigGuest) guest = mig_guest_lookup_uuid (host, uuid, &error);
  g_autoptr (MigUndo) undo = mig_undo_new (&error);
  guint id;

  g_assert_no_error (error);
  g_assert_false (is_off_first (guest));
  g_autofree char *before = mig_guest_pins (guest, &error);
  g_assert_true (mig_undo_push_guest_pin (undo, host, guest, before, &id, &error));
  g_autoptr (MigGuest) nobody = NULL;
  g_assert_true (mig_host_settled_guest (host, other, &nobody, &error));
  g_assert_null (nobody);
  g_assert_true (mig_guest_pin (guest, 1, 1, &error));
  g_assert_no_error (error);
  g_assert_true (is_off_first (guest));
  g_assert_true (mig_undo_all (undo, &error));
  g_assert_no_error (error);
  g_assert_false (is_off_first (guest));
  g_autofree char *after = mig_guest_pins (guest, &error);
  g_assert_cmpstr (after, ==, before);
}

/* A guest that is on its way has its pins put back when it has arrived, by the next start where the
 * process ended before: until then no host's word means that it is gone. */
static void
test_pins_on_the_way (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uuid = g_uuid_string_random (), *other = g_uuid_string_random ();
  MigHost *source = open_host_of ("source", uuid, FALSE);
  MigHost *destination = open_host_of ("destination", other, FALSE);
  MigGuest *guest = mig_guest_lookup_uuid (source, uuid, &error);
  MigUndo *undo = mig_undo_new (&error);
  guint id, recovered = 0;

  g_assert_no_error (error);
  g_assert_true (mig_undo_push_guest_pin (undo, source, guest, "10/", &id, &error));
  g_assert_true (mig_undo_push_guest_pin (undo, destination, guest, "10/", &id, &error));
  pinned = g_string_new (NULL);
  leaving = "source";
  g_assert_false (mig_undo_all (undo, &error));
  g_assert_nonnull (strstr (error->message, "is being migrated"));
  mig_undo_free (undo);
  g_assert_true (mig_undo_recover (&recovered, NULL));
  g_assert_cmpuint (recovered, ==, 0);
  g_assert_cmpstr (pinned->str, ==, "");
  mig_guest_free (guest);
  mig_host_free (source);
  mig_host_free (destination);

  leaving = NULL;
  source = open_host_of ("source", other, FALSE);
  destination = open_host_of ("destination", uuid, FALSE);
  mig_undo_recover_guest (other); /* of which nothing was changed */
  g_assert_cmpstr (pinned->str, ==, "");
  mig_undo_recover_guest (uuid);
  g_assert_cmpstr (pinned->str, ==, "destination ");
  g_assert_true (mig_undo_recover (&recovered, NULL));
  g_assert_cmpuint (recovered, ==, 0); /* it is put back, and forgotten, for all hosts */
  g_assert_cmpstr (pinned->str, ==, "destination ");
  g_string_free (pinned, TRUE);
  pinned = NULL;
  mig_host_free (source);
  mig_host_free (destination);
}

static void
count_change (guint id, MigChangeKind kind, const char *uri, const char *value, gpointer data)
{
  ++*(guint *) data;
}

/* People know a guest by its name; journals of older versions have none. */
static void
test_pins_text (void)
{
  static const char uuid[] = "12345678-1234-1234-1234-123456789abc";
  g_autofree char *named = g_strdup_printf ("%s 01,10/ web server 1", uuid);
  g_autofree char *nameless = g_strdup_printf ("%s 01,10/", uuid);
  g_autofree char *text = mig_journal_value_text (MIG_CHANGE_GUEST_PIN, named);
  g_autofree char *old = mig_journal_value_text (MIG_CHANGE_GUEST_PIN, nameless);
  g_autofree char *line = mig_journal_did (1, MIG_CHANGE_GUEST_PIN, "test:///default", named);
  guint n = 0;

  g_assert_cmpstr (text, ==, "web server 1 12345678-1234-1234-1234-123456789abc");
  g_assert_cmpstr (old, ==, uuid);
  mig_journal_read (line, count_change, &n);
  g_assert_cmpuint (n, ==, 1);
  g_autofree char *limit = g_strdup_printf ("%s 450000000 web server 1", uuid);
  g_autofree char *limit_text = mig_journal_value_text (MIG_CHANGE_MAX_DOWNTIME, limit);
  g_autofree char *limit_line = mig_journal_did (2, MIG_CHANGE_MAX_DOWNTIME, "test:///default",
                                                 limit);
  g_assert_cmpstr (limit_text, ==, text);
  mig_journal_read (limit_line, count_change, &n);
  g_assert_cmpuint (n, ==, 2);
  /* Domain-0's: a map for each vCPU */
  n = 0;
  mig_journal_read ("did\t3\tmanagement-pin\txen:///system\t01,10\n"
                    "did\t4\tmanagement-pin\txen:///system\t1101\n"
                    "did\t5\tmanagement-pin\txen:///system\t01,\n",
                    count_change, &n);
  g_assert_cmpuint (n, ==, 2);
}

static void
test_pins_form (void)
{
  static const char *const good[] = { "1/", "01,10/", "01/11" };
  static const char *const bad[] = { "", "/", "1", "/1", "2/", "1/x", "1/1,1" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (mig_pins_are_valid (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mig_pins_are_valid (bad[i]));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_setenv ("XDG_STATE_HOME", top, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/undo/whose", test_whose);
  g_test_add_func ("/undo/absent", test_absent);
  g_test_add_func ("/undo/unreadable", test_unreadable);
  g_test_add_func ("/undo/recover", test_recover);
  g_test_add_func ("/undo/order", test_order);
  g_test_add_func ("/undo/silent", test_silent);
  g_test_add_func ("/undo/silent/once", test_silent_once);
  g_test_add_func ("/undo/gone", test_gone);
  g_test_add_func ("/undo/race", test_race);
  g_test_add_func ("/undo/pins", test_pins);
  g_test_add_func ("/undo/pins/on-the-way", test_pins_on_the_way);
  g_test_add_func ("/undo/pins/form-text", test_pins_text);
  g_test_add_func ("/undo/pins/form", test_pins_form);
  int status = g_test_run ();
  mig_loop_stop ();
  mig_files_remove_tree (top, NULL);
  g_free (top);
  return status;
}
