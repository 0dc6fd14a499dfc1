/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "check/technique-probe.h"
#include "check/check-list.h"
#include "check/route.h"
#include "virt/stop-limits.h"
#include "virt/guest.h"
#include "virt/template.h"

/* QEMU before this one loses dirty pages when it migrates a guest under software emulation: the
 * fast path of cpu_physical_memory_sync_dirty_bitmap does not reset the TLB of TCG. KVM is not
 * affected. */
#define QEMU_TCG_TRUSTED 9000000

#define XEN_4_17 4017 /* in thousands */

/* subject of what is about no host */
#define STUDY "study"

void
mig_check_free (gpointer data)
{
  MigCheck *check = data;

  g_free (check->subject);
  g_free (check->what);
  g_free (check->finding);
  g_free (check->hint);
  g_free (check->guest);
  g_free (check->uuid);
  g_clear_pointer (&check->variants, g_ptr_array_unref);
  g_free (check);
}

MigCheck *
mig_check_add (GPtrArray *checks, MigCheckLevel level, const char *subject, const char *what,
               char *finding, char *hint)
{
  MigCheck *check = g_new0 (MigCheck, 1);
  *check = (MigCheck){ .level = level,
                       .subject = g_strdup (subject),
                       .what = g_strdup (what),
                       .finding = finding,
                       .hint = hint };
  g_ptr_array_add (checks, check);
  return check;
}

/* swept_line: of what gives a variant this parameter: a sweep, or else the line of the element
 * itself. */
static guint
swept_line (const MigStudy *variant, const char *parameter, guint line)
{
  const MigStudyParameter *swept = mig_study_parameter (variant, parameter);
  return swept ? swept->line : line;
}

char *
mig_check_message (const MigCheck *check)
{
  if (strcmp (check->subject, STUDY) == 0)
    return g_strdup_printf ("%s; %s", check->finding, check->hint);
  if (strcmp (check->subject, MIG_CHECK_MACHINE) == 0)
    return g_strdup_printf ("%s: %s; %s", check->subject, check->finding, check->hint);
  return g_strdup_printf ("host '%s': %s; %s", check->subject, check->finding, check->hint);
}

static char *
version_text (guint64 version)
{
  char *text = mig_version_text (version);
  return text ? text : g_strdup ("(of unknown version)");
}

static void
check_versions (GPtrArray *checks, const MigRunHost *host)
{
  const MigHostInfo *info = mig_host_info (host->host);
  g_autofree char *hypervisor = version_text (host->hypervisor_version);
  g_autofree char *libvirt = version_text (info->libvirt_version);
  mig_check_add (
      checks, MIG_CHECK_PASS, host->study->name, "connection",
      g_strdup_printf ("%s %s, libvirt %s, %s", info->driver, hypervisor, libvirt, info->hostname),
      NULL);
}

void
mig_check_trust (GPtrArray *checks, const MigRunHost *host)
{
  if (g_strcmp0 (mig_host_info (host->host)->driver, "QEMU") != 0)
    return;
  if (host->hypervisor_version == 0)
    {
      mig_check_add (checks, MIG_CHECK_WARN, host->study->name, "trust",
                     g_strdup_printf ("cannot determine the version of QEMU (%s) from here",
                                      host->emulator ? host->emulator : "the driver's choice"),
                     g_strdup ("make sure that it is QEMU 9.0 or later: older ones damage emulated "
                               "guests that migrate"));
      return;
    }
  g_autofree char *version = version_text (host->hypervisor_version);
  if (host->hypervisor_version >= QEMU_TCG_TRUSTED)
    {
      mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "trust",
                     g_strdup_printf ("QEMU %s migrates emulated guests soundly", version), NULL);
      return;
    }
  MigCheck *check = mig_check_add (
      checks, MIG_CHECK_FAIL, host->study->name, "trust",
      g_strdup_printf ("QEMU %s loses memory of guests that it migrates under software "
                       "emulation (TCG), and reports success",
                       version),
      g_strdup ("install QEMU 9.0 or later (Debian 12: qemu-system-x86 from "
                "bookworm-backports), or use a host with KVM"));
  check->trust = TRUE;
}

static void
check_trust (GPtrArray *checks, const MigRunHost *host)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *type = host->template_file
                              ? mig_template_domain_type (host->template_file, &error)
                              : NULL;

  if (error)
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "domain template",
                   g_strdup (error->message), g_strdup ("correct the template"));
  if (g_strcmp0 (type, "qemu") == 0)
    mig_check_trust (checks, host);
}

/* Debian's security update 4.17.7 is the only Xen known to lack it; libvirt tells no more than
 * "4.17". */
static void
check_shadow_paging (GPtrArray *checks, const MigRunHost *host)
{
  const MigHostInfo *info = mig_host_info (host->host);
  g_autofree char *os = host->template_file ? mig_template_os_type (host->template_file, NULL)
                                            : NULL;

  if (g_strcmp0 (info->driver, "Xen") != 0 || g_strcmp0 (os, "linux") != 0 ||
      info->hypervisor_version / 1000 != XEN_4_17)
    return;
  mig_check_add (
      checks, MIG_CHECK_WARN, host->study->name, "shadow paging",
      g_strdup ("paravirtual guests migrate live only where Xen has shadow paging; Debian's 4.17.7 "
                "is built "
                "without it, and libvirt does not tell one 4.17 from another"),
      g_strdup ("'xl info' on the host must list shadow in virt_caps; if not, take 4.17.5, or "
                "template=\"xen-pvh\" where there is hardware virtualization"));
}

static void
check_cpu (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  const MigStudyHost *named = mig_study_find_host (study, host->study->name);
  g_autofree char *parameter = g_strdup_printf ("host.%s.cpu", named->name);
  guint line = swept_line (study, parameter, swept_line (study, "cpu", named->line));

  if (named->cpu < 0)
    mig_check_add (checks, MIG_CHECK_WARN, host->study->name, "CPU",
                   g_strdup ("guests and management are not pinned"),
                   g_strdup ("give the study's <host> a cpu for the paper's contention"));
  else if ((guint) named->cpu >= host->n_cpus)
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "CPU",
                   g_strdup_printf ("%s:%u: CPU %d does not exist; the host has CPUs 0 to %u",
                                    study->path, line, named->cpu, host->n_cpus - 1),
                   g_strdup ("change cpu= of that <host>"));
  else
    mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "CPU",
                   g_strdup_printf ("guests and management on CPU %d of %u",
                                    mig_run_host_cpu (host, study),
                                    mig_host_info (host->host)->cpus),
                   NULL);
}

void
mig_check_memory (GPtrArray *checks, const MigRunHost *host, guint64 needed)
{
  guint64 free_bytes = 0;
  g_autoptr (GError) error = NULL;

  if (!mig_host_free_memory (host->host, &free_bytes, &error))
    {
      mig_check_add (checks, MIG_CHECK_WARN, host->study->name, "memory", g_strdup (error->message),
                     g_strdup ("make sure that all guests fit"));
      return;
    }
  g_autofree char *have = mig_units_format_bytes (free_bytes);
  g_autofree char *want = mig_units_format_bytes (needed);
  gboolean enough = free_bytes >= needed;
  mig_check_add (checks, enough ? MIG_CHECK_PASS : MIG_CHECK_FAIL, host->study->name, "memory",
                 g_strdup_printf ("%s free, guests need %s", have, want),
                 enough ? NULL
                        : g_strdup ("free memory on that host, or use smaller or fewer guests"));
}

/* Of two hosts each should have room for all guests: so it is also after a failure. Of more, no
 * host may have that. */
static void
check_memory (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
              const MigStudy *variant)
{
  guint64 needed = 0;

  if (study->hosts->len > 2)
    needed = mig_route_memory (study, variant, host->study->name);
  else
    for (guint i = 0; i < variant->guests->len; i++)
      needed += ((MigStudyGuest *) g_ptr_array_index (variant->guests, i))->memory_bytes;
  if (needed)
    mig_check_memory (checks, host, needed);
}

static void
check_names (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *guest = g_ptr_array_index (study->guests, i);
      if (guest->existing)
        continue; /* it has to be there */
      g_autoptr (MigGuest) there = mig_guest_lookup (host->host, guest->domain, NULL);
      if (there)
        mig_check_add (
            checks, MIG_CHECK_FAIL, host->study->name, "names",
            g_strdup_printf ("domain '%s' exists already", guest->domain),
            g_strdup_printf ("end the other run, or rename guest '%s' in the study", guest->name));
    }
}

static void
check_template (GPtrArray *checks, const MigRunHost *host)
{
  if (!host->template_file)
    mig_check_add (
        checks, MIG_CHECK_FAIL, host->study->name, "guests",
        g_strdup ("no bundled domain template fits this host"),
        g_strdup ("name a template of your own: <guest template='/path/to/domain.xml'/>"));
}

/* What the study asks for and the host's driver cannot do. */
static void
check_wishes (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  const MigHostInfo *info = mig_host_info (host->host);
  MigStopRule rule = mig_stop_rule_in_force (study->stop_rule,
                                             mig_host_can (host->host, MIG_CAN_MAX_DOWNTIME), info);

  if (study->bandwidth_bytes_per_s && !mig_host_can (host->host, MIG_CAN_BANDWIDTH))
    mig_check_add (
        checks, MIG_CHECK_FAIL, host->study->name, "bandwidth",
        g_strdup_printf ("%s:%u: the %s driver cannot limit a migration's bandwidth", study->path,
                         swept_line (study, "bandwidth", study->bandwidth_line), info->driver),
        g_strdup ("remove bandwidth= from <migration>, or limit the link itself"));
  if (study->peer_to_peer && !mig_host_can (host->host, MIG_CAN_PEER_TO_PEER))
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "peer-to-peer",
                   g_strdup_printf ("%s:%u: the %s driver cannot migrate peer-to-peer", study->path,
                                    swept_line (study, "peer-to-peer", study->peer_to_peer_line),
                                    info->driver),
                   g_strdup ("remove peer-to-peer= from <migration>"));
  if (study->max_downtime_ns && !mig_host_can (host->host, MIG_CAN_MAX_DOWNTIME))
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "max-downtime",
                   g_strdup_printf ("%s:%u: the %s driver has no downtime limit", study->path,
                                    swept_line (study, "max-downtime", study->max_downtime_line),
                                    info->driver),
                   g_strdup ("remove max-downtime= from <migration>"));
  if (study->stop_rule != MIG_STOP_HYPERVISOR && rule != study->stop_rule)
    mig_check_add (
        checks, MIG_CHECK_WARN, host->study->name, "stop rule",
        g_strdup_printf (
            "'%s' cannot be imposed on the %s driver; the hypervisor's own rule applies, '%s': %s",
            mig_stop_rule_limits (study->stop_rule)->name, info->driver,
            mig_stop_rule_limits (rule)->name, mig_stop_rule_limits (rule)->meaning),
        g_strdup ("compare only with results of the same rule"));
}

static gboolean
names_server (const char *text)
{
  g_autoptr (GUri) uri = text ? g_uri_parse (text, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *server = uri ? g_uri_get_host (uri) : NULL;

  return server && *server && !g_str_has_prefix (server, "localhost"); /* libvirt takes that for the
                                                                          source itself */
}

/* Whether the other hosts' daemons can be told where this one is. */
static void
check_peer (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
            const MigStudy *variant)
{
  g_autoptr (GArray) pairs = mig_route_pairs (study, variant);
  gboolean wanted = FALSE;

  for (guint i = 0; i < pairs->len && variant->peer_to_peer; i++)
    wanted |= strcmp (g_array_index (pairs, MigRoutePair, i).to, host->study->name) == 0;
  if (wanted && !names_server (host->peer_uri))
    mig_check_add (
        checks, MIG_CHECK_FAIL, host->study->name, "peer-to-peer",
        g_strdup_printf ("%s:%u: '%s' names no server, so another host's daemon cannot reach it",
                         study->path,
                         swept_line (variant, "peer-to-peer", variant->peer_to_peer_line),
                         host->peer_uri ? host->peer_uri : ""),
        g_strdup ("give its <host> a peer-uri, like qemu+ssh://NAME/system"));
}

/* Only the lab's link is migcost's to shape. */
static void
check_link (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  const MigStudyParameter *link = mig_study_parameter (study, "link");

  if (link && host->study->uri)
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "link",
                   g_strdup_printf ("%s:%u: migcost cannot change the link of a host with a uri",
                                    study->path, link->line),
                   g_strdup ("sweep bandwidth, or use the lab"));
}

static void
check_technique (GPtrArray *checks, const MigTechniqueSupport *offers, const MigStudy *study)
{
  const MigTechniqueInfo *info = mig_technique_info (study->technique);
  const char *why_not = info->not_offered ? info->not_offered
                                          : offers->why_not[study->technique][study->peer_to_peer];
  const char *way = study->peer_to_peer ? " peer-to-peer" : "";

  if (why_not && study->peer_to_peer && !info->not_offered)
    mig_check_add (checks, MIG_CHECK_FAIL, STUDY, "peer-to-peer",
                   g_strdup_printf ("%s:%u: technique '%s' peer-to-peer was tried and failed: %s",
                                    study->path,
                                    swept_line (study, "peer-to-peer", study->peer_to_peer_line),
                                    info->name, why_not),
                   g_strdup ("give the destination's <host> a peer-uri that the source's daemon "
                             "can use without a prompt, or remove peer-to-peer= from <migration>"));
  else if (why_not)
    mig_check_add (checks, MIG_CHECK_FAIL, STUDY, "technique",
                   g_strdup_printf ("%s:%u: technique '%s' is not offered: %s", study->path,
                                    swept_line (study, "technique", study->technique_line),
                                    info->name, why_not),
                   g_strdup ("choose another technique of migcost-study(5)"));
  else if (mig_technique_support_wanted (study))
    mig_check_add (checks, MIG_CHECK_PASS, STUDY,
                   study->peer_to_peer ? "peer-to-peer" : "technique",
                   g_strdup_printf ("a small guest migrated by '%s'%s", info->name, way), NULL);
}

/* ---- the variants of a study ---- */

static MigCheck *
find_same (const GPtrArray *checks, const MigCheck *wanted)
{
  for (guint i = 0; i < checks->len; i++)
    {
      MigCheck *check = checks->pdata[i];
      if (check->level == wanted->level && strcmp (check->subject, wanted->subject) == 0 &&
          strcmp (check->what, wanted->what) == 0 && strcmp (check->finding, wanted->finding) == 0)
        return check;
    }
  return NULL;
}

/* gather: what was found of a variant; the same finding of another one is one check. */
static void
gather (GPtrArray *checks, GPtrArray *found, const MigStudy *variant)
{
  while (found->len)
    {
      MigCheck *check = g_ptr_array_steal_index (found, 0), *same = find_same (checks, check);
      if (same)
        mig_check_free (check);
      else
        g_ptr_array_add (checks, same = check);
      if (!same->variants)
        same->variants = g_ptr_array_new ();
      if (!g_ptr_array_find (same->variants, variant, NULL))
        g_ptr_array_add (same->variants, (gpointer) variant);
    }
}

static gboolean
is_about (const MigCheck *check, const MigStudy *variant)
{
  return check->variants && g_ptr_array_find (check->variants, variant, NULL);
}

/* let_skip: a failure that leaves other variants to be run skips the cases of its own. */
static void
let_skip (GPtrArray *checks, const MigStudy *study)
{
  guint n = mig_study_n_variants (study), sound = 0;

  for (guint v = 0; v < n; v++)
    {
      gboolean fails = FALSE;
      for (guint i = 0; i < checks->len; i++)
        {
          const MigCheck *check = checks->pdata[i];
          fails |= check->level == MIG_CHECK_FAIL && is_about (check, mig_study_variant (study, v));
        }
      sound += !fails;
    }
  for (guint i = 0; sound && i < checks->len; i++)
    {
      MigCheck *check = checks->pdata[i];
      if (check->level != MIG_CHECK_FAIL || !check->variants || check->variants->len == n)
        continue;
      check->level = MIG_CHECK_WARN;
      check->skips = TRUE;
      g_free (check->hint);
      check->hint = g_strdup_printf ("%u of the study's %u variants are skipped",
                                     check->variants->len, n);
    }
}

static void
check_variant (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
               const MigStudy *variant)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (guint i = 0; i < hosts->len; i++)
    {
      const MigRunHost *host = hosts->pdata[i];
      check_cpu (found, host, variant);
      check_memory (found, host, study, variant);
      check_wishes (found, host, variant);
      check_peer (found, host, study, variant);
      check_link (found, host, variant);
    }
  gather (checks, found, variant);
}

/* Techniques last: a pair of hosts with other faults need not be tried. */
static void
check_techniques (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study)
{
  MigTechniqueSupport offers = { { { NULL } } };
  g_autoptr (GError) error = NULL;

  if (!mig_check_error (checks, TRUE, NULL))
    return;
  if (!mig_technique_support_find (study, hosts, &offers, &error))
    mig_check_add (checks, MIG_CHECK_FAIL, STUDY, "technique", g_strdup (error->message),
                   g_strdup ("make sure that guests start on the study's hosts"));
  for (guint i = 0; !error && i < mig_study_n_variants (study); i++)
    {
      g_autoptr (GPtrArray) found = g_ptr_array_new ();
      check_technique (found, &offers, mig_study_variant (study, i));
      gather (checks, found, mig_study_variant (study, i));
    }
  mig_technique_support_clear (&offers);
}

GPtrArray *
mig_check_hosts (const MigStudy *study, const GPtrArray *hosts, GHashTable *known)
{
  GPtrArray *checks = g_ptr_array_new_with_free_func (mig_check_free);

  for (guint i = 0; i < hosts->len; i++)
    {
      const MigRunHost *host = g_ptr_array_index ((GPtrArray *) hosts, i);
      check_versions (checks, host);
      if (!mig_study_starts_guests (study))
        continue;
      check_template (checks, host);
      check_trust (checks, host);
      check_shadow_paging (checks, host);
      check_names (checks, host, study);
    }
  mig_check_existing (checks, hosts, study, known);
  for (guint i = 0; i < mig_study_n_variants (study); i++)
    check_variant (checks, hosts, study, mig_study_variant (study, i));
  let_skip (checks, study);
  mig_check_surroundings (checks, hosts, study);
  check_techniques (checks, hosts, study);
  let_skip (checks, study);
  return checks;
}

GHashTable *
mig_check_identities (const GPtrArray *checks)
{
  GHashTable *identities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < checks->len; i++)
    {
      const MigCheck *check = checks->pdata[i];
      if (check->uuid)
        g_hash_table_insert (identities, g_strdup (check->guest), g_strdup (check->uuid));
    }
  return identities;
}

GHashTable *
mig_check_skipped (const GPtrArray *checks, const MigStudy *study)
{
  GHashTable *skipped = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint c = 0; c < study->cases->len; c++)
    for (guint i = 0; i < checks->len; i++)
      {
        const MigStudyCase *study_case = study->cases->pdata[c];
        const MigCheck *check = checks->pdata[i];
        if (check->skips && is_about (check, study_case->study) &&
            !g_hash_table_contains (skipped, study_case->label))
          g_hash_table_insert (skipped, g_strdup (study_case->label), g_strdup (check->finding));
      }
  return skipped;
}

gboolean
mig_check_error (const GPtrArray *checks, gboolean insist, GError **error)
{
  for (guint i = 0; i < checks->len; i++)
    {
      const MigCheck *check = g_ptr_array_index ((GPtrArray *) checks, i);
      if (check->level != MIG_CHECK_FAIL || (insist && check->trust))
        continue;
      g_autofree char *message = mig_check_message (check);
      g_set_error_literal (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED, message);
      return FALSE;
    }
  return TRUE;
}
