/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "base/files.h"
#include "check/check-technique.h"
#include "check/technique-probe.h"
#include "virt/loop.h"

/* libvirt's driver for tests starts no domain paused, and migrates none: here it does, except with
 * the cache of this size, or without one. */
static unsigned long long refused_cache;
static gboolean refuses_all;
static unsigned int refused_flags;  /* with all of these */
static const char *refusal;         /* what is said then */
static gboolean existing;           /* the study's guest was there before */
static const char *no_certificates; /* why both hosts have none */
static guint n_migrations, n_disks, n_post_copy, n_resumed;

virDomainPtr
virDomainCreateXML (virConnectPtr connection, const char *xml, unsigned int flags)
{
  virDomainPtr (*create) (virConnectPtr, const char *, unsigned int) = (virDomainPtr (*) (
      virConnectPtr, const char *, unsigned int)) dlsym (RTLD_NEXT, "virDomainCreateXML");
  return create (connection, xml, flags & ~(unsigned int) VIR_DOMAIN_START_PAUSED);
}

virDomainPtr
virDomainMigrate3 (virDomainPtr domain, virConnectPtr destination, virTypedParameterPtr params,
                   unsigned int n, unsigned int flags)
{
  virDomainPtr (*migrate) (
      virDomainPtr, virConnectPtr, virTypedParameterPtr, unsigned int,
      unsigned int) = (virDomainPtr (*) (virDomainPtr, virConnectPtr, virTypedParameterPtr,
                                         unsigned int, unsigned int)) dlsym (RTLD_NEXT,
                                                                             "virDomainMigrate3");
  unsigned long long cache = 0;
  char *definition = virDomainGetXMLDesc (domain, 0);

  n_migrations++;
  n_post_copy += (flags & VIR_MIGRATE_POSTCOPY) != 0;
  n_disks += strstr (definition, "<disk ") != NULL;
  free (definition);
  virTypedParamsGetULLong (params, (int) n, VIR_MIGRATE_PARAM_COMPRESSION_XBZRLE_CACHE, &cache);
  if (refuses_all || (cache && cache == refused_cache) ||
      (refused_flags && (flags & refused_flags) == refused_flags))
    return migrate (domain, destination, params, n, flags); /* which says that it cannot */
  virDomainRef (domain);
  return domain;
}

/* which it was already */
int
virDomainResume (virDomainPtr domain)
{
  n_resumed++;
  return 0;
}

virErrorPtr
virGetLastError (void)
{
  virErrorPtr (*real) (void) = (virErrorPtr (*) (void)) dlsym (RTLD_NEXT, "virGetLastError");
  static virError last = { .code = VIR_ERR_OPERATION_FAILED };

  last.message = (char *) refusal;
  return refusal ? &last : real ();
}

typedef struct {
  char *top;
  MigStudy *study;
  GPtrArray *hosts;
  MigTechniqueSupport support;
} Fixture;

/* try_with: hosts: attributes of both; template_path: of the guest, NULL: the hosts' own; rest:
 * elements. */
static void
try_with (Fixture *self, const char *hosts, const char *template_path, const char *rest)
{
  static const char template[] = "<domain type='test'><name>x</name><memory>65536</memory>"
                                 "<os><type>hvm</type></os><devices><disk type='file'>"
                                 "<source file='/a'/><target dev='vda'/></disk></devices>"
                                 "</domain>";
  g_autoptr (GError) error = NULL;
  g_autofree char *named = template_path ? g_strdup_printf (" template='%s'", template_path)
                                         : g_strdup ("");
  g_autofree char *xml = g_strdup_printf (
      "<study name='t'><hosts><host name='tls' %s/><host name='b' %s/></hosts>"
      "<workload name='m' type='idle'/>%s%s%s"
      "<cases><sequence>m1</sequence></cases>%s</study>",
      hosts, hosts, existing ? "<guest name='m1' existing='yes'" : "<guest name='m1' workload='m'",
      named, "/>", rest);
  g_autofree char *file = NULL;

  self->top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  file = g_build_filename (self->top, "template.xml", NULL);
  g_assert_true (g_file_set_contents (file, template, -1, NULL));
  self->study = mig_study_parse (xml, strlen (xml), "t.xml", &error);
  g_assert_no_error (error);
  self->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_host_free);
  for (guint i = 0; i < 2; i++)
    {
      const MigStudyHost *study_host = self->study->hosts->pdata[i];
      MigHost *host = mig_host_open (study_host->name, "test:///default", &error);
      g_assert_no_error (error);
      MigRunHost *run_host = mig_run_host_new (study_host, host);
      run_host->template_file = g_strdup (file);
      run_host->tls_why_not = g_strdup (no_certificates);
      g_ptr_array_add (self->hosts, run_host);
    }
  n_migrations = 0;
  g_assert_true (mig_technique_support_find (self->study, self->hosts, &self->support, &error));
  g_assert_no_error (error);
}

static void
try_study (Fixture *self, const char *hosts, const char *rest)
{
  try_with (self, hosts, NULL, rest);
}

static void
fixture_clear (Fixture *self)
{
  mig_technique_support_clear (&self->support);
  g_ptr_array_unref (self->hosts);
  mig_study_free (self->study);
  mig_files_remove_tree (self->top, NULL);
  g_free (self->top);
  refuses_all = existing = FALSE;
  no_certificates = NULL;
  refused_cache = 0;
  refused_flags = 0;
  refusal = NULL;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static const char caches[] = "<migration technique='xbzrle'/>"
                             "<sweep parameter='cache' values='4 KiB, 64 MiB, 128 MiB'/>";

/* Each value is tried: the second is refused, and the others are not. */
static void
test_values (void)
{
  g_auto (Fixture) self = { NULL };
  const char *why_not;

  refused_cache = 64 * 1024 * 1024;
  try_study (&self, "", caches);
  g_assert_null (self.support.no_way);
  g_assert_cmpuint (n_migrations, ==, 4); /* plain pre-copy too, to tell whose fault it was */
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (
          mig_technique_support_knows (&self.support, mig_study_variant (self.study, i), &why_not));
      g_assert_cmpint (why_not != NULL, ==, i == 1);
    }
}

/* A study that starts no guests has none tried by plain pre-copy, and that is said where the way is
 * the destination's choice. */
static void
test_untried (void)
{
  static const struct {
    const char *hosts, *rest;
    gboolean untried;
    guint migrations;
  } cases[] = {
    { "uri='test:///default'", "", TRUE, 0 },
    { "uri='test:///default' migrate-uri='tcp://192.0.2.1'", "", FALSE, 0 },
    { "", "", FALSE, 0 },
    { "uri='test:///default'", "<migration technique='auto-converge'/>", FALSE, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) self = { NULL };
      existing = TRUE;
      try_study (&self, cases[i].hosts, cases[i].rest);
      g_assert_cmpint (self.support.untried != NULL, ==, cases[i].untried);
      g_assert_null (self.support.no_way);
      g_assert_cmpuint (n_migrations, ==, cases[i].migrations);
    }
}

/* Nobody's disks are copied for a trial; whether they are shared is a question to one that has
 * them.
 */
static void
test_storage (void)
{
  static const char storage[] = "<migration copy-storage='all'/>"
                                "<sweep parameter='copy-storage' values='no, all, inc'/>";
  g_auto (Fixture) self = { NULL };

  n_disks = 0;
  try_study (&self, "uri='test:///default'", storage);
  g_assert_cmpuint (n_migrations, ==, 2); /* with disks, without */
  g_assert_cmpuint (n_disks, ==, 1);
}

/* Migrations that may end by post-copy are asked for it from their start: each technique is tried
 * so, by a guest that runs, and those that end otherwise are not. */
static void
test_timeout (void)
{
  static const char actions[] =
      "<migration technique='multifd' at-timeout='post-copy'/>"
      "<sweep parameter='technique' values='pre-copy, multifd'/>"
      "<sweep parameter='at-timeout' values='abort, suspend, post-copy'/>";
  g_auto (Fixture) self = { NULL };
  guint n_refused = 0;

  refused_flags = VIR_MIGRATE_PARALLEL | VIR_MIGRATE_POSTCOPY;
  n_post_copy = n_resumed = 0;
  try_study (&self, "", actions);
  /* post-copy after pre-copy; multifd; both, and plain pre-copy as that is refused */
  g_assert_cmpuint (n_migrations, ==, 4);
  g_assert_cmpuint (n_post_copy, ==, 2);
  g_assert_cmpuint (n_resumed, ==, 2);
  for (guint i = 0; i < mig_study_n_variants (self.study); i++)
    {
      const MigStudy *variant = mig_study_variant (self.study, i);
      const char *why_not;
      mig_technique_support_knows (&self.support, variant, &why_not);
      n_refused += why_not != NULL;
      g_assert_cmpint (why_not != NULL, ==,
                       variant->technique == MIG_TECHNIQUE_MULTIFD &&
                           variant->flags.at_timeout == MIG_TIMEOUT_POST_COPY);
    }
  g_assert_cmpuint (n_refused, ==, 1);
}

/* Where nothing can migrate it is not the technique's fault, and the rest need not be tried. */
static void
test_no_way (void)
{
  g_auto (Fixture) self = { NULL };

  refuses_all = TRUE;
  try_study (&self, "", caches);
  g_assert_nonnull (self.support.no_way);
  g_assert_cmpuint (n_migrations, ==, 2);
}

/* Plain pre-copy: hosts of somebody's may not reach each other; the lab's do. */
static void
test_plain (void)
{
  const char *why_not;
  {
    g_auto (Fixture) self = { NULL };
    try_study (&self, "uri='test:///default'", "");
    g_assert_cmpuint (n_migrations, ==, 1);
    g_assert_true (mig_technique_support_knows (&self.support, self.study, &why_not));
    g_assert_null (why_not);
  }
  {
    g_auto (Fixture) self = { NULL };
    refuses_all = TRUE;
    try_study (&self, "uri='test:///default'", "");
    g_assert_nonnull (self.support.no_way);
  }
  g_auto (Fixture) self = { NULL };
  try_study (&self, "", "");
  g_assert_cmpuint (n_migrations, ==, 0);
  g_assert_false (mig_technique_support_knows (&self.support, self.study, &why_not));
}

/* find_check: of that topic; NULL: nothing is told of it. */
static const MigCheck *
find_check (const GPtrArray *checks, const char *topic)
{
  for (guint i = 0; i < checks->len; i++)
    if (strcmp (((const MigCheck *) checks->pdata[i])->topic, topic) == 0)
      return checks->pdata[i];
  return NULL;
}

/* A lab without certificates is not tried, and the check says why; plain migrations go on. */
static void
test_certificates (void)
{
  static const char both[] = "<migration peer-to-peer='no'/>"
                             "<sweep parameter='tls' values='no, yes'/>";
  const char *why_not;
  {
    g_auto (Fixture) self = { NULL };
    g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func (mig_check_free);
    try_study (&self, "", both);
    g_assert_cmpuint (n_migrations, ==, 1);
    g_assert_true (
        mig_technique_support_knows (&self.support, mig_study_variant (self.study, 1), &why_not));
    mig_check_techniques (checks, self.hosts, self.study);
    g_assert_null (find_check (checks, "tls"));
  }
  g_auto (Fixture) self = { NULL };
  g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func (mig_check_free);
  no_certificates = "no certtool";
  try_study (&self, "", both);
  g_assert_cmpuint (n_migrations, ==, 0);
  mig_check_techniques (checks, self.hosts, self.study);
  g_assert_cmpuint (n_migrations, ==, 0);
  const MigCheck *check = find_check (checks, "tls");
  g_assert_nonnull (check);
  g_assert_cmpint (check->level, ==, MIG_CHECK_FAIL);
  g_assert_cmpuint (check->variants->len, ==, 1);
  g_assert_nonnull (strstr (check->finding, "the lab has no certificates: no certtool"));
}

/* What has failed is the fault of what libvirt's word is about; where only one thing was asked for
 * besides plain pre-copy, it is that one's. */
static void
test_faults (void)
{
  static const struct {
    const char *migration;
    unsigned int flags; /* refused */
    const char *refusal, *topic, *finding, *hint;
  } cases[] = {
    { "technique='multifd-zlib' tls='yes'", VIR_MIGRATE_PARALLEL,
      "invalid argument: Unsupported compression method 'zlib'", "technique",
      "t.xml:1: technique 'multifd-zlib' with 2 connections by TLS is not offered", "technique" },
    { "technique='multifd-zlib' peer-to-peer='yes'", VIR_MIGRATE_PARALLEL,
      "invalid argument: Unsupported compression method 'zlib'", "technique",
      "t.xml:1: technique 'multifd-zlib' with 2 connections is not offered", "technique" },
    { "technique='multifd-zero-copy' tls='yes'", VIR_MIGRATE_PARALLEL,
      "Zero copy only available for non-compressed non-TLS multifd migration", "technique",
      "technique 'multifd-zero-copy' with 2 connections by TLS is not offered", "technique" },
    { "technique='compress' tls='yes'", VIR_MIGRATE_COMPRESSED,
      "argument unsupported: Migration option 'compress' is not supported by QEMU binary",
      "technique", "technique 'compress' by TLS is not offered", "technique" },
    { "technique='multifd' tls='yes'", VIR_MIGRATE_TLS,
      "Certificate does not match the hostname 192.0.2.1", "tls",
      "technique 'multifd' by TLS was tried and failed", "server-cert.pem" },
    { "technique='multifd' tls='yes'", VIR_MIGRATE_TLS,
      "Unable to access credentials /etc/pki/qemu/ca-cert.pem", "tls",
      "technique 'multifd' by TLS was tried and failed", "qemu.conf" },
    { "tls='yes'", VIR_MIGRATE_TLS, "Input/output error", "tls",
      "technique 'pre-copy' by TLS was tried and failed", "qemu.conf" },
    { "technique='multifd' at-timeout='post-copy'", VIR_MIGRATE_PARALLEL | VIR_MIGRATE_POSTCOPY,
      "Postcopy is not yet compatible with multifd", "at-timeout",
      "t.xml:1: technique 'multifd' with 2 connections, prepared for post-copy at the timeout, was "
      "tried and failed",
      "choose a technique that goes with post-copy, or remove at-timeout=" },
    { "technique='multifd-zlib' at-timeout='post-copy'", VIR_MIGRATE_PARALLEL,
      "invalid argument: Unsupported compression method 'zlib'", "technique", "is not offered",
      "technique" },
    { "at-timeout='post-copy'", VIR_MIGRATE_POSTCOPY, "Operation not permitted", "at-timeout",
      "technique 'pre-copy', prepared for post-copy", "userfaultfd" },
    { "at-timeout='post-copy' tls='yes'", VIR_MIGRATE_POSTCOPY, "userfaultfd not available",
      "at-timeout", "prepared for post-copy", "userfaultfd" },
    { "at-timeout='post-copy' tls='yes'", VIR_MIGRATE_TLS, "No certificate was found", "tls",
      "by TLS was tried and failed", "qemu.conf" },
    { "technique='post-copy' at-timeout='post-copy'", VIR_MIGRATE_POSTCOPY,
      "Postcopy is not supported", "technique", "technique 'post-copy' is not offered",
      "technique" },
    { "technique='multifd' peer-to-peer='yes'", VIR_MIGRATE_PEER2PEER,
      "Failed to connect to remote libvirt URI qemu+ssh://b/system", "peer-to-peer",
      "technique 'multifd' peer-to-peer was tried and failed", "peer-uri" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) self = { NULL };
      g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func (mig_check_free);
      g_autofree char *rest = g_strdup_printf ("<migration %s/>", cases[i].migration);
      refused_flags = cases[i].flags;
      refusal = cases[i].refusal;
      try_study (&self, "", rest);
      mig_check_techniques (checks, self.hosts, self.study);
      const MigCheck *check = find_check (checks, cases[i].topic);
      g_assert_cmpuint (checks->len, ==, 1);
      g_assert_nonnull (check);
      g_assert_cmpint (check->level, ==, MIG_CHECK_FAIL);
      g_assert_nonnull (strstr (check->finding, cases[i].finding));
      g_assert_nonnull (strstr (check->finding, cases[i].refusal));
      g_assert_nonnull (strstr (check->hint, cases[i].hint));
    }
}

/* The study's own template is tried, not the hosts' choice; where the small guest does not start,
 * that is no failure, for the study's guests may. */
static void
test_template (void)
{
  g_auto (Fixture) self = { NULL };
  g_autofree char *folder = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "other.xml", NULL);
  const char *why_not;

  g_assert_true (g_file_set_contents (
      file, "<domain type='nosuch'><name>x</name><os><type>hvm</type></os></domain>", -1, NULL));
  try_with (&self, "uri='test:///default'", file, "");
  mig_files_remove_tree (folder, NULL);
  g_assert_cmpuint (n_migrations, ==, 0);
  g_assert_nonnull (self.support.untried);
  g_assert_null (self.support.no_way);
  g_assert_false (mig_technique_support_knows (&self.support, self.study, &why_not));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *state = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);

  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/technique-probe/values", test_values);
  g_test_add_func ("/technique-probe/untried", test_untried);
  g_test_add_func ("/technique-probe/storage", test_storage);
  g_test_add_func ("/technique-probe/timeout", test_timeout);
  g_test_add_func ("/technique-probe/no-way", test_no_way);
  g_test_add_func ("/technique-probe/plain", test_plain);
  g_test_add_func ("/technique-probe/certificates", test_certificates);
  g_test_add_func ("/technique-probe/faults", test_faults);
  g_test_add_func ("/technique-probe/template", test_template);
  int status = g_test_run ();
  mig_loop_stop ();
  mig_files_remove_tree (state, NULL);
  return status;
}
