/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "check/check-technique.h"
#include "check/technique-probe.h"

/* parameters_of: those of its technique, as the check says them: " with 4 connections"; "": none.
 */
static char *
parameters_of (const MigStudy *study)
{
  g_autofree char *cache = mig_units_format_bytes ((gint64) study->cache_bytes);

  if (study->technique == MIG_TECHNIQUE_XBZRLE && study->cache_bytes)
    return g_strdup_printf (" with a cache of %s", cache);
  return study->connections && study->technique >= MIG_TECHNIQUE_MULTIFD &&
                 study->technique <= MIG_TECHNIQUE_MULTIFD_ZERO_COPY
             ? g_strdup_printf (" with %" G_GUINT64_FORMAT " connections", study->connections)
             : g_strdup ("");
}

/* says: what libvirt says of a failure, or part of it. */
typedef struct {
  const char *says, *advice;
} Advice;

static const char *
find_advice (const Advice *known, guint n, const char *why_not, const char *otherwise)
{
  for (guint i = 0; i < n; i++)
    if (strstr (why_not, known[i].says))
      return known[i].advice;
  return otherwise;
}

#define ONE_AUTHORITY                                                                              \
  "have the certificates of both hosts signed by one authority, and give both its ca-cert.pem"

#define REFUSED                                                                                    \
  "one host has refused the other's certificate, and QEMU's log says why: have those of both "     \
  "hosts signed by one authority, and name the address that migrations go to (migrate-uri= of "    \
  "the destination's <host>) in its server-cert.pem"

/* tls_advice: what may help where a migration by TLS fails, by what QEMU says through libvirt. */
static const char *
tls_advice (const char *why_not)
{
  static const Advice known[] = {
    { "has expired", "give that host certificates that have not expired" },
    { "not yet active", "set the clock of that host, or wait until its certificates are valid" },
    { "known issuer", ONE_AUTHORITY },
    { "failed validation", ONE_AUTHORITY },
    { "not trusted", ONE_AUTHORITY },
    { "match the hostname", "name the address that migrations go to (migrate-uri= of the "
                            "destination's <host>) in its server-cert.pem" },
    { "Not a migration stream", REFUSED }, /* by the destination, if that was the first to fail */
  };

  return find_advice (known, G_N_ELEMENTS (known), why_not,
                      "put certificates where both hosts' qemu.conf looks for them "
                      "(migrate_tls_x509_cert_dir, default /etc/pki/qemu), or remove tls= from "
                      "<migration>");
}

/* speaks_of: whether libvirt's word on a failure has one of these in it, in lower case. Before its
 * colon are the names of hosts. */
static gboolean
speaks_of (const char *why_not, const char *const *words)
{
  const char *word = strchr (why_not, ':');
  g_autofree char *text = g_ascii_strdown (word ? word : why_not, -1);

  for (guint i = 0; words[i]; i++)
    if (strstr (text, words[i]))
      return TRUE;
  return FALSE;
}

/* is_prepared: for post-copy at the timeout, which its technique is not. */
static gboolean
is_prepared (const MigStudy *study)
{
  return study->flags.at_timeout == MIG_TIMEOUT_POST_COPY &&
         study->technique != MIG_TECHNIQUE_POST_COPY;
}

/* is_simple: it asks for nothing besides plain pre-copy but TLS, peer-to-peer or post-copy at the
 * timeout, and only for one of them; as plain pre-copy has not failed, that has. */
static gboolean
is_simple (const MigStudy *study)
{
  return study->technique == MIG_TECHNIQUE_PRE_COPY &&
         !!study->flags.tls + !!study->peer_to_peer + is_prepared (study) == 1;
}

/* is_of_post_copy: what was tried has failed by post-copy at the timeout: nothing else was asked
 * for, or the failure says so. */
static gboolean
is_of_post_copy (const MigStudy *study, const char *why_not)
{
  static const char *const words[] = { "postcopy", "post-copy", "userfault", NULL };

  return is_prepared (study) && (is_simple (study) || speaks_of (why_not, words));
}

/* is_of_tls: the same of TLS. */
static gboolean
is_of_tls (const MigStudy *study, const char *why_not)
{
  static const char *const words[] = {
    "tls", "x509", "certificate", "credentials", "not a migration stream", NULL
  };
  static const char *const others[] = { "non-tls", NULL }; /* what zero copy is for */

  if (!study->flags.tls || speaks_of (why_not, others))
    return FALSE;
  return is_simple (study) || speaks_of (why_not, words);
}

/* is_of_peer: the same of the way from daemon to daemon. */
static gboolean
is_of_peer (const MigStudy *study, const char *why_not)
{
  static const char *const words[] = { "connect to", "authenti", NULL };

  return study->peer_to_peer && (is_simple (study) || speaks_of (why_not, words));
}

/* fail_certificates: the lab has none, so that nothing was tried. */
static void
fail_certificates (GPtrArray *checks, const MigStudy *study, const char *why_not)
{
  mig_check_add (checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "tls",
                 g_strdup_printf ("%s:%u: guests cannot migrate by TLS, because the lab has no "
                                  "certificates: %s",
                                  study->path,
                                  mig_study_parameter_line (study, "tls", study->tls_line),
                                  why_not),
                 g_strdup ("then start the lab again; or remove tls= from <migration>, or --tls"));
}

static void
fail_tls (GPtrArray *checks, const MigStudy *study, const char *why_not)
{
  mig_check_add (checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "tls",
                 g_strdup_printf ("%s:%u: technique '%s' by TLS was tried and failed: %s",
                                  study->path,
                                  mig_study_parameter_line (study, "tls", study->tls_line),
                                  mig_technique_info (study->technique)->name, why_not),
                 g_strdup (tls_advice (why_not)));
}

static void
fail_peer_to_peer (GPtrArray *checks, const MigStudy *study, const char *why_not)
{
  mig_check_add (
      checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "peer-to-peer",
      g_strdup_printf ("%s:%u: technique '%s' peer-to-peer was tried and failed: %s", study->path,
                       mig_study_parameter_line (study, "peer-to-peer", study->peer_to_peer_line),
                       mig_technique_info (study->technique)->name, why_not),
      g_strdup ("give the destination's <host> a peer-uri that the source's daemon "
                "can use without a prompt, or remove peer-to-peer= from <migration>"));
}

#define USERFAULT "sysctl vm.unprivileged_userfaultfd=1"

static void
fail_post_copy (GPtrArray *checks, const MigStudy *study, const char *why_not)
{
  g_autofree char *with = parameters_of (study);

  mig_check_add (
      checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "at-timeout",
      g_strdup_printf ("%s:%u: technique '%s'%s, prepared for post-copy at the timeout, was tried "
                       "and failed: %s",
                       study->path,
                       mig_study_parameter_line (study, "at-timeout", study->at_timeout_line),
                       mig_technique_info (study->technique)->name, with, why_not),
      g_strdup (study->technique == MIG_TECHNIQUE_PRE_COPY
                    ? "let QEMU wait for missing pages (on both hosts: " USERFAULT "), or remove "
                      "at-timeout= from <migration>"
                    : "let QEMU wait for missing pages (on both hosts: " USERFAULT "), choose a "
                      "technique that goes with post-copy, or remove at-timeout= from "
                      "<migration>"));
}

/* fail_technique: why no driver offers it, or what was said when it was tried. */
static void
fail_technique (GPtrArray *checks, const MigStudy *study, const char *why_not)
{
  g_autofree char *with = parameters_of (study);

  mig_check_add (
      checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "technique",
      g_strdup_printf ("%s:%u: technique '%s'%s%s is not offered: %s", study->path,
                       mig_study_parameter_line (study, "technique", study->technique_line),
                       mig_technique_info (study->technique)->name, with,
                       study->flags.tls ? " by TLS" : "", why_not),
      g_strdup ("choose another technique of migcost-study(5)"));
}

/* fail_way: what was tried has failed, and plain pre-copy has not: which part of it is at fault. */
static void
fail_way (GPtrArray *checks, const MigStudy *study, const char *why_not)
{
  if (is_of_post_copy (study, why_not))
    fail_post_copy (checks, study, why_not);
  else if (is_of_tls (study, why_not))
    fail_tls (checks, study, why_not);
  else if (is_of_peer (study, why_not))
    fail_peer_to_peer (checks, study, why_not);
  else
    fail_technique (checks, study, why_not);
}

#define WAY_ADVICE                                                                                 \
  "if the destination's own name leads the source elsewhere, or the destination itself to "        \
  "127.0.1.1 (its /etc/hosts), give its <host> a migrate-uri, or pass --migrate-uri "              \
  "NAME=tcp://ADDRESS"

/* advice_on: what may help where not even a small guest migrates, by what libvirt says. */
static const char *
advice_on (const char *why_not)
{
  static const Advice known[] = {
    { "nsafe migration", "share its disks between the hosts, have them copied "
                         "(--copy-storage all), or accept the risk (--unsafe)" },
    { "nknown CPU feature", "give the guests a CPU that both hosts' libvirt knows "
                            "(cpu-model=\"baseline\" of <guest>)" },
    { "machine type", "name a machine type that both hosts have in the domain template: "
                      "'qemu-system-x86_64 -machine help' lists them" },
  };

  return find_advice (known, G_N_ELEMENTS (known), why_not, WAY_ADVICE);
}

static void
check_technique (GPtrArray *checks, const GPtrArray *hosts, const MigTechniqueSupport *support,
                 const MigStudy *study)
{
  const MigTechniqueInfo *info = mig_technique_info (study->technique);
  const char *why_not = NULL, *way = study->peer_to_peer ? " peer-to-peer" : "";
  const char *tls = study->flags.tls ? " by TLS" : "";
  const char *no_tls = study->flags.tls ? mig_hosts_tls_why_not (hosts) : NULL;
  gboolean tried = mig_technique_support_knows (support, study, &why_not);
  g_autofree char *with = parameters_of (study);

  if (info->not_offered)
    fail_technique (checks, study, info->not_offered);
  else if (no_tls)
    fail_certificates (checks, study, no_tls);
  else if (support->no_way)
    mig_check_add (
        checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "migration",
        g_strdup_printf ("%s: a small guest cannot migrate: %s", study->path, support->no_way),
        g_strdup (advice_on (support->no_way)));
  else if (why_not)
    fail_way (checks, study, why_not);
  else if (tried)
    mig_check_add (
        checks, MIG_CHECK_PASS, MIG_CHECK_STUDY, study->peer_to_peer ? "peer-to-peer" : "technique",
        g_strdup_printf ("a small guest migrated by '%s'%s%s%s%s", info->name, with, way, tls,
                         is_prepared (study) ? ", prepared for post-copy at the timeout" : ""),
        NULL);
}

void
mig_check_techniques (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study)
{
  g_auto (MigTechniqueSupport) support = { NULL, NULL, NULL };
  g_autoptr (GError) error = NULL;

  if (!mig_check_error (checks, TRUE, NULL))
    return;
  if (!mig_technique_support_find (study, hosts, &support, &error))
    mig_check_add (checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "technique", g_strdup (error->message),
                   g_strdup ("make sure that guests start on the study's hosts"));
  if (support.untried)
    mig_check_add (checks, MIG_CHECK_WARN, MIG_CHECK_STUDY, "migration",
                   g_strdup_printf ("whether guests migrate was not tried: %s", support.untried),
                   g_strdup (mig_study_starts_guests (study)
                                 ? "make sure that guests start on the study's hosts"
                                 : WAY_ADVICE));
  for (guint i = 0; !error && i < mig_study_n_variants (study); i++)
    {
      g_autoptr (GPtrArray) found = g_ptr_array_new ();
      check_technique (found, hosts, &support, mig_study_variant (study, i));
      mig_check_gather (checks, found, mig_study_variant (study, i));
    }
}
