/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include "base/files.h"
#include "base/units.h"
#include "check/check-cpu.h"
#include "check/check.h"
#include "hosts/guest-hardware.h"
#include "virt/guest-cpu.h"
#include "virt/inspect.h"
#include "virt/loop.h"

/* What the check says of hosts for the guests that come to them, and of no others: on hosts that
 * libvirt makes up for tests. */

static char *top;

/* in place of libvirt's answer */
static MigCpuMatch match;

static guint64 free_gib[3]; /* of hosts a, b, c */

MigCpuMatch __wrap_mig_host_compare_cpu (MigHost *from, MigHost *to);
gboolean __wrap_mig_host_free_memory (MigHost *host, guint64 *free_bytes, GError **error);

MigCpuMatch
__wrap_mig_host_compare_cpu (MigHost *from, MigHost *to)
{
  g_assert_true (from != to);
  return match;
}

char *__wrap_mig_host_baseline_guest_cpu (const GPtrArray *hosts, GError **error);

char *
__wrap_mig_host_baseline_guest_cpu (const GPtrArray *hosts, GError **error)
{
  return g_strdup ("<cpu/>");
}

gboolean
__wrap_mig_host_free_memory (MigHost *host, guint64 *free_bytes, GError **error)
{
  *free_bytes = free_gib[mig_host_name (host)[0] - 'a'] * MIG_GIB;
  return TRUE;
}

/* in place of the driver's: two NUMA nodes, of 8 GiB in ordinary pages each */
static struct {
  unsigned long long free_gib[2], huge_gib[2];
} nodes;

int
virNodeGetCellsFreeMemory (virConnectPtr connection, unsigned long long *bytes, int first, int n)
{
  int i = 0;

  for (; i < n && first + i < 2; i++)
    bytes[i] = nodes.free_gib[first + i] * MIG_GIB;
  return i ? i : -1;
}

int
virNodeGetFreePages (virConnectPtr connection, unsigned int n, unsigned int *sizes, int first,
                     unsigned int n_nodes, unsigned long long *counts, unsigned int flags)
{
  g_assert_cmpuint (sizes[0], ==, 2048);
  *counts = (first < 0 ? nodes.huge_gib[0] + nodes.huge_gib[1] : nodes.huge_gib[first]) * 512;
  return 1;
}

char *
virConnectGetCapabilities (virConnectPtr connection)
{
#define CELL(id)                                                                                   \
  "<cell id='" id "'><memory unit='KiB'>41943040</memory><pages unit='KiB' size='2048'>16384"      \
  "</pages><pages unit='KiB' size='4'>2097152</pages></cell>"
  return strdup ("<capabilities><host><topology><cells num='2'>" CELL ("0")
                     CELL ("1") "</cells></topology></host></capabilities>");
}

/* template_with: the file of a domain template that says so. */
static char *
template_with (const char *name, const char *type, const char *rest)
{
  char *file = g_strdup_printf ("%s/%s.xml", top, name);
  g_autofree char *xml = g_strdup_printf (
      "<domain type='%s'><name>x</name><memory>65536</memory>"
      "<os><type arch='x86_64'>hvm</type><kernel>/no/%s</kernel>"
      "</os>%s</domain>",
      type, name, rest);

  g_assert_true (g_file_set_contents (file, xml, -1, NULL));
  return file;
}

static MigRunHost *
open_host (const MigStudyHost *named, const char *domains, const char *template_file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/%s.node", top, named->name);
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  g_autofree char *node = g_strdup_printf ("<node>%s</node>", domains);

  g_assert_true (g_file_set_contents (path, node, -1, NULL));
  MigHost *host = mig_host_open (named->name, uri, &error);
  g_assert_no_error (error);
  MigRunHost *run_host = mig_run_host_new (named, host);
  run_host->template_file = g_strdup (template_file);
  return run_host;
}

static guint n_hosts = 3; /* of the studies */

/* A study of hosts a, b and c, and what is found of it. */
typedef struct {
  MigStudy *study;
  GPtrArray *hosts, *checks;
} World;

static void
world_clear (World *self)
{
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->study, mig_study_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_clear)

/* world_open: rest: guests and cases; template_file: the hosts' choice; domains: on each host. */
static void
world_open (World *self, const char *rest, const char *template_file, const char *const domains[3])
{
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = g_strdup_printf (
      "<study name='t'><hosts><host name='a'/><host name='b'/>%s</hosts>"
      "<workload name='i' type='idle'/>%s</study>",
      n_hosts > 2 ? "<host name='c'/>" : "", rest);

  self->study = mig_study_parse (xml, strlen (xml), "t.xml", &error);
  g_assert_no_error (error);
  self->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_host_free);
  for (guint i = 0; i < n_hosts; i++)
    g_ptr_array_add (self->hosts, open_host (self->study->hosts->pdata[i],
                                             domains ? domains[i] : "", template_file));
}

static void
world_check (World *self)
{
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  self->checks = mig_check_hosts (self->study, self->hosts, NULL);
}

/* found: what is said of that topic of a host; NULL: nothing. No more than once. */
static const MigCheck *
found (const World *self, const char *host, const char *topic)
{
  const MigCheck *one = NULL;

  for (guint i = 0; i < self->checks->len; i++)
    {
      const MigCheck *check = self->checks->pdata[i];
      if (strcmp (check->subject, host) != 0 || strcmp (check->topic, topic) != 0)
        continue;
      g_assert_null (one);
      one = check;
    }
  return one;
}

/* ---- CPUs ---- */

static void
test_cpu_kinds (void)
{
  static const struct {
    const char *type, *arch, *mode, *model;
    gboolean of_host;
  } cases[] = {
    { "kvm", "x86_64", "host-model", NULL, TRUE },
    { "kvm", "x86_64", "host-passthrough", NULL, TRUE },
    { "kvm", "x86_64", "maximum", NULL, TRUE },
    { "kvm", "x86_64", "custom", "EPYC", FALSE },
    { "kvm", "x86_64", NULL, "EPYC", FALSE },
    { "kvm", "x86_64", NULL, NULL, FALSE },
    { "kvm", "aarch64", NULL, NULL, TRUE },
    { "xen", "x86_64", NULL, NULL, TRUE },
    { "kvm", NULL, NULL, NULL, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (
        mig_cpu_is_of_host (cases[i].type, cases[i].arch, cases[i].mode, cases[i].model), ==,
        cases[i].of_host);
}

/* Host b lacks something that a has: it matters to guests that see a's CPU, and to no others. */
static void
test_cpus (void)
{
  static const char host_model[] = "<cpu mode='host-model'/>",
                    named[] = "<cpu match='exact'><model>EPYC</model></cpu>";
  static const struct {
    const char *type, *cpu, *attributes; /* of the template; of the guest */
    gboolean baseline;                   /* is known */
    MigCpuMatch match;
    int level; /* -1: nothing is said */
  } cases[] = {
    { "kvm", host_model, "", TRUE, MIG_CPU_INCOMPATIBLE, MIG_CHECK_PASS },
    { "kvm", host_model, "", FALSE, MIG_CPU_INCOMPATIBLE, MIG_CHECK_FAIL },
    { "kvm", host_model, "", FALSE, MIG_CPU_IDENTICAL, MIG_CHECK_PASS },
    { "kvm", host_model, "", FALSE, MIG_CPU_SUPERSET, MIG_CHECK_PASS },
    { "kvm", host_model, "", FALSE, MIG_CPU_UNKNOWN, MIG_CHECK_WARN },
    { "kvm", named, "", FALSE, MIG_CPU_INCOMPATIBLE, MIG_CHECK_PASS },
    { "kvm", "", "", FALSE, MIG_CPU_INCOMPATIBLE, MIG_CHECK_PASS },
    { "kvm", named, "cpu-model='host-passthrough'", TRUE, MIG_CPU_INCOMPATIBLE, MIG_CHECK_FAIL },
    { "qemu", host_model, "", FALSE, MIG_CPU_INCOMPATIBLE, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (World) self = { NULL };
      g_autofree char *file = template_with ("own", cases[i].type, cases[i].cpu);
      g_autofree char *rest = g_strdup_printf ("<guest name='g' workload='i' %s/><cases>"
                                               "<sequence>g>b</sequence></cases>",
                                               cases[i].attributes);
      world_open (&self, rest, file, NULL);
      if (cases[i].baseline)
        ((MigRunHost *) self.hosts->pdata[0])->baseline_cpu = g_strdup ("<cpu><model>m</model>"
                                                                        "</cpu>");
      match = cases[i].match;
      world_check (&self);
      const MigCheck *b = found (&self, "b", "CPU model");
      g_assert_null (found (&self, "c", "CPU model")); /* no guest goes there */
      g_assert_cmpint (b ? (int) b->level : -1, ==, cases[i].level);
      g_assert_true (!b || b->level != MIG_CHECK_FAIL || strstr (b->finding, "guest 'g'"));
    }
}

/* Of a guest that is there its own CPU is asked, not that of its host. */
static void
test_existing_cpu (void)
{
  static const char guest[] = "<guest name='g' existing='yes'/><cases><sequence>g>b</sequence>"
                              "</cases>";
  static const char *const domains[] = {
    "<domain type='test'><name>g</name><memory>65536</memory><os><type>hvm</type></os></domain>",
    "", ""
  };
  g_auto (World) self = { NULL };

  match = MIG_CPU_INCOMPATIBLE;
  free_gib[1] = 1;
  world_open (&self, guest, NULL, domains);
  world_check (&self);
  g_assert_null (found (&self, "b", "CPU model"));
  g_assert_true (mig_check_error (self.checks, FALSE, NULL));
}

/* The small guest that tries the way does not have all of its host's CPU, whatever the study's
 * have. */
static void
test_baseline (void)
{
  static const struct {
    const char *type, *guest;
    gboolean known;
  } cases[] = {
    { "kvm", "<guest name='g' existing='yes'/>", TRUE },
    { "qemu", "<guest name='g' existing='yes'/>", FALSE },
    { "kvm", "<guest name='g' workload='i'/>", TRUE },
    { "kvm", "<guest name='g' workload='i' cpu-model='EPYC'/>", TRUE },
    { "qemu", "<guest name='g' workload='i'/>", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (World) self = { NULL };
      g_autofree char *file = template_with ("own", cases[i].type, "");
      g_autofree char *rest = g_strconcat (cases[i].guest,
                                           "<cases><sequence>g>b</sequence></cases>", NULL);
      world_open (&self, rest, file, NULL);
      mig_hosts_find_baseline (self.hosts, self.study);
      g_assert_cmpint (((MigRunHost *) self.hosts->pdata[1])->baseline_cpu != NULL, ==,
                       cases[i].known);
    }
}

/* ---- memory ---- */

#define DOMAIN(name, gib)                                                                          \
  "<domain type='test'><name>" name "</name><memory unit='GiB'>" gib "</memory>"                   \
  "<os><type>hvm</type></os></domain>"

/* What comes to a host is added up, and a host that none comes to needs nothing. */
static void
test_memory (void)
{
  static const char existing[] =
      "<guest name='g1' existing='yes'/><guest name='g2' existing='yes'/>";
  static const struct {
    const char *rest;
    guint64 free_gib[3];
    int level[3]; /* -1: nothing is said */
  } cases[] = {
    { "<cases><sequence>g1>b</sequence></cases>",
      { 0, 20, 1 },
      { -1, MIG_CHECK_PASS, -1 } }, /* c
                                       is
                                       small,
                                       and
                                       not
                                       involved
                                     */
    { "<cases><sequence>g1>b g2>b</sequence></cases>",
      { 0, 39, 100 },
      { -1, MIG_CHECK_FAIL, -1 } }, /* each has room, and both have not */
    { "<cases><sequence>g1>b g2>b</sequence></cases>", { 0, 40, 100 }, { -1, MIG_CHECK_PASS, -1 } },
    { "<guest name='own' workload='i' memory='4 GiB' host='b'/>"
      "<cases><sequence>g1>b own>c</sequence></cases>",
      { 0, 23, 4 },
      { -1, MIG_CHECK_FAIL, MIG_CHECK_PASS } }, /* beside one of migcost's */
    { "<cases><sequence>g1>b g1>c</sequence><sequence>g2>c</sequence></cases>",
      { 0, 20, 19 },
      { -1, MIG_CHECK_PASS, MIG_CHECK_FAIL } },
  };
  static const char *const domains[] = { DOMAIN ("g1", "20") DOMAIN ("g2", "20"), "", "" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (World) self = { NULL };
      g_autofree char *rest = g_strconcat (existing, cases[i].rest, NULL);
      world_open (&self, rest, NULL, domains);
      memcpy (free_gib, cases[i].free_gib, sizeof free_gib);
      world_check (&self);
      for (guint h = 0; h < 3; h++)
        {
          const MigCheck *check = found (&self, ((const char *[]){ "a", "b", "c" })[h], "memory");
          g_assert_cmpint (check ? (int) check->level : -1, ==, cases[i].level[h]);
        }
    }
}

/* Huge pages, and those and ordinary memory of a NUMA node, are asked of the hosts that their
 * guests come to, for as many as are there at a time; guests in huge pages need no other memory.
 * Page cache of a node is not told of, so a lack of what is free in one may be none. */
static void
test_special_memory (void)
{
#define GO "<cases><sequence>g>b</sequence></cases>"
  static const struct {
    const char *rest;
    unsigned long long free_gib[2], huge_gib[2]; /* of each node, on all hosts */
    const char *topic;
    int level[3]; /* -1: nothing is said */
    const char *finding;
  } cases[] = {
    { "<guest name='g' workload='i' memory='4 GiB' hugepages='yes'/>" GO,
      { 0, 0 },
      { 2, 2 },
      "huge pages",
      { MIG_CHECK_PASS, MIG_CHECK_PASS, -1 },
      "4.29 GB free, 4.29 GB needed" },
    { "<guest name='g' workload='i' memory='4 GiB' hugepages='yes'/>" GO,
      { 0, 0 },
      { 2, 1 },
      "huge pages",
      { MIG_CHECK_FAIL, MIG_CHECK_FAIL, -1 },
      "free, 4.29 GB needed" },
    { "<guest name='g' workload='i' memory='4 GiB' hugepages='yes'/>" GO,
      { 0, 0 },
      { 2, 2 },
      "memory",
      { -1, -1, -1 },
      NULL },
    /* not both at once on b */
    { "<guest name='g' workload='i' memory='4 GiB' hugepages='yes'/>"
      "<guest name='h' workload='i' memory='4 GiB' hugepages='yes' host='c'/>"
      "<cases><sequence>g>b</sequence><sequence>h>b</sequence></cases>",
      { 0, 0 },
      { 4, 0 },
      "huge pages",
      { MIG_CHECK_PASS, MIG_CHECK_PASS, MIG_CHECK_PASS },
      "4.29 GB needed" },
    { "<guest name='g' workload='i' memory='4 GiB' numa-node='1'/>" GO,
      { 0, 4 },
      { 0, 0 },
      "NUMA node",
      { MIG_CHECK_PASS, MIG_CHECK_PASS, -1 },
      "node 1: 4.29 GB free, 4.29 GB needed" },
    { "<guest name='g' workload='i' memory='8 GiB' numa-node='1'/>" GO,
      { 8, 1 },
      { 8, 8 },
      "NUMA node",
      { MIG_CHECK_WARN, MIG_CHECK_WARN, -1 },
      "may have to reclaim" },
    { "<guest name='g' workload='i' memory='9 GiB' numa-node='1'/>" GO,
      { 8, 1 },
      { 8, 8 },
      "NUMA node",
      { MIG_CHECK_FAIL, MIG_CHECK_FAIL, -1 },
      "node 1: 1.07 GB free, 9.66 GB needed" },
    { "<guest name='g' workload='i' memory='1 GiB' numa-node='2'/>" GO,
      { 8, 8 },
      { 8, 8 },
      "NUMA node",
      { MIG_CHECK_FAIL, MIG_CHECK_FAIL, -1 },
      "it has no NUMA node 2" },
    { "<guest name='g' workload='i' memory='4 GiB' numa-node='1' hugepages='yes'/>" GO,
      { 0, 0 },
      { 0, 4 },
      "NUMA node",
      { MIG_CHECK_PASS, MIG_CHECK_PASS, -1 },
      "free in huge pages, 4.29 GB needed" },
    { "<guest name='g' workload='i' memory='4 GiB' numa-node='1' hugepages='yes'/>" GO,
      { 8, 8 },
      { 4, 0 },
      "NUMA node",
      { MIG_CHECK_FAIL, MIG_CHECK_FAIL, -1 },
      "free in huge pages, 4.29 GB needed" },
  };
  g_autofree char *file = template_with ("plain", "test", "");

  memset (free_gib, 0, sizeof free_gib);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (World) self = { NULL };
      world_open (&self, cases[i].rest, file, NULL);
      memcpy (nodes.free_gib, cases[i].free_gib, sizeof nodes.free_gib);
      memcpy (nodes.huge_gib, cases[i].huge_gib, sizeof nodes.huge_gib);
      world_check (&self);
      for (guint h = 0; h < 3; h++)
        {
          const MigCheck *check = found (&self, ((const char *[]){ "a", "b", "c" })[h],
                                         cases[i].topic);
          g_assert_cmpint (check ? (int) check->level : -1, ==, cases[i].level[h]);
          g_assert_true (!check || strstr (check->finding, cases[i].finding));
        }
    }
}

/* On either of two hosts there is room for all of migcost's guests, less those in huge pages. */
static void
test_two_hosts (void)
{
  g_autofree char *file = template_with ("plain", "test", "");
  g_auto (World) self = { NULL };

  n_hosts = 2;
  memset (&nodes, 0, sizeof nodes);
  nodes.huge_gib[0] = 4;
  free_gib[0] = free_gib[1] = 1;
  world_open (&self,
              "<guest name='g' workload='i' memory='4 GiB' hugepages='yes'/>"
              "<guest name='h' workload='i' memory='1 GiB'/>" GO,
              file, NULL);
  n_hosts = 3;
  world_check (&self);
  g_assert_cmpint (found (&self, "a", "memory")->level, ==, MIG_CHECK_PASS);
  g_assert_cmpint (found (&self, "b", "memory")->level, ==, MIG_CHECK_PASS);
  g_assert_cmpint (found (&self, "b", "huge pages")->level, ==, MIG_CHECK_PASS);
}

/* An existing guest that has huge pages needs no other memory where it comes to. */
static void
test_existing_huge_pages (void)
{
  static const char guest[] = "<guest name='g' existing='yes'/><cases><sequence>g>b</sequence>"
                              "</cases>";
  static const char *const domains[] = {
    ("<domain type='test'><name>g</name><memory unit='GiB'>4</memory><memoryBacking>"
     "<hugepages/></memoryBacking><os><type>hvm</type></os></domain>"),
    "", ""
  };
  g_auto (World) self = { NULL };

  memset (free_gib, 0, sizeof free_gib);
  memset (&nodes, 0, sizeof nodes);
  nodes.huge_gib[0] = 4;
  world_open (&self, guest, NULL, domains);
  world_check (&self);
  g_assert_null (found (&self, "b", "memory"));
}

/* ---- templates ---- */

/* What no guest is made of is not looked at; what one is made of is, on the hosts that it is on. */
static void
test_templates (void)
{
  static const char plain[] = "<cpu mode='host-model'/>";
  g_autofree char *bundled = template_with ("bundled", "kvm", plain);
  g_autofree char *own = template_with ("own", "qemu", "");
  static const struct {
    gboolean has_bundled, names_own;
    int guests[3]; /* levels of hosts a, b, c; -1: nothing is said */
    int kernel[3];
  } cases[] = {
    { FALSE, TRUE, { -1, -1, -1 }, { MIG_CHECK_FAIL, MIG_CHECK_FAIL, -1 } },
    { TRUE, TRUE, { -1, -1, -1 }, { MIG_CHECK_FAIL, MIG_CHECK_FAIL, -1 } },
    { FALSE, FALSE, { MIG_CHECK_FAIL, MIG_CHECK_FAIL, -1 }, { -1, -1, -1 } },
    { TRUE, FALSE, { -1, -1, -1 }, { MIG_CHECK_FAIL, MIG_CHECK_FAIL, -1 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (World) self = { NULL };
      g_autofree char *rest = g_strdup_printf ("<guest name='g' workload='i' template='%s'/>%s",
                                               own, "<cases><sequence>g>b</sequence></cases>");
      world_open (&self,
                  cases[i].names_own ? rest
                                     : "<guest name='g' workload='i'/>"
                                       "<cases><sequence>g>b</sequence></cases>",
                  cases[i].has_bundled ? bundled : NULL, NULL);
      world_check (&self);
      for (guint h = 0; h < 3; h++)
        {
          const char *host = ((const char *[]){ "a", "b", "c" })[h];
          const MigCheck *guests = found (&self, host, "guests"),
                         *kernel = found (&self, host, "guest kernel");
          g_assert_cmpint (guests ? (int) guests->level : -1, ==, cases[i].guests[h]);
          g_assert_cmpint (kernel ? (int) kernel->level : -1, ==, cases[i].kernel[h]);
          if (kernel)
            g_assert_nonnull (
                strstr (kernel->finding, cases[i].names_own ? "/no/own" : "/no/bundled"));
        }
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_test_add_func ("/check-guests/cpu-kinds", test_cpu_kinds);
  g_test_add_func ("/check-guests/cpus", test_cpus);
  g_test_add_func ("/check-guests/existing-cpu", test_existing_cpu);
  g_test_add_func ("/check-guests/baseline", test_baseline);
  g_test_add_func ("/check-guests/memory", test_memory);
  g_test_add_func ("/check-guests/special-memory", test_special_memory);
  g_test_add_func ("/check-guests/two-hosts", test_two_hosts);
  g_test_add_func ("/check-guests/existing-huge-pages", test_existing_huge_pages);
  g_test_add_func ("/check-guests/templates", test_templates);
  int status = g_test_run ();
  mig_loop_stop ();
  mig_files_remove_tree (top, NULL);
  g_free (top);
  return status;
}
