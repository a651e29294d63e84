/* The least that an audit of a wheel can cost: read the zip directory, inflate prefixes, nothing else.
 *
 *     floor WHEEL REPEATS < prefixes
 *
 * A line of standard input is the offset of a member's local header in the archive and how many inflated bytes of
 * the member are wanted; benchmarks/prefixes.py writes them. Each repeat walks the whole central directory
 * (PKWARE APPNOTE 6.3.10, 4.3.12 and 4.3.16; ZIP64 archives are refused) and then inflates each prefix with
 * libdeflate. libdeflate knows whole buffers only: an output buffer of the prefix's size makes it stop there.
 * Prints the median CPU time (user and system) of a repeat in seconds, and how many bytes came out of one.
 */

#include <fcntl.h>
#include <libdeflate.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

static const uint8_t *wheel;
static size_t length;

static uint32_t u16(size_t at) { return wheel[at] | wheel[at + 1] << 8; }
static uint32_t u32(size_t at) { return u16(at) | u16(at + 2) << 16; }

static void die(const char *why) {
    fprintf(stderr, "floor: %s\n", why);
    exit(2);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Where the end record is. */
static size_t find_end(void) {
    for (size_t at = length - 22; at > 0 && length - at < 65557 + 22; at--)
        if (u32(at) == 0x06054b50) return at;
    die("no end record");
    return 0;
}

struct member {
    uint32_t offset, compressed, size;
    uint32_t method;
};

static struct member *members;
static size_t count;

static void read_directory(void) {
    size_t end = find_end(), at = u32(end + 16);
    if (at == 0xffffffff) die("a ZIP64 archive");
    for (count = 0; at + 46 <= end && u32(at) == 0x02014b50; count++) {
        members[count] = (struct member){u32(at + 42), u32(at + 20), u32(at + 24), u16(at + 10)};
        at += 46 + u16(at + 28) + u16(at + 30) + u16(at + 32);
    }
}

static int by_offset(const void *a, const void *b) {
    uint32_t x = ((const struct member *)a)->offset, y = ((const struct member *)b)->offset;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc != 3) die("usage: floor WHEEL REPEATS < prefixes");
    int file = open(argv[1], O_RDONLY), repeats = atoi(argv[2]);
    struct stat status;
    if (file < 0 || fstat(file, &status) || status.st_size < 22 || repeats < 1) die("cannot read the wheel");
    length = status.st_size;
    wheel = mmap(NULL, length, PROT_READ, MAP_PRIVATE, file, 0);
    if (wheel == MAP_FAILED) die("cannot map the wheel");
    members = malloc(u16(find_end() + 10) * sizeof *members + sizeof *members);

    size_t room = 1024, wanted = 0, most = 1;
    unsigned long long(*prefix)[2] = malloc(room * sizeof *prefix);
    while (scanf("%llu %llu", &prefix[wanted][0], &prefix[wanted][1]) == 2) {
        if (prefix[wanted][1] > most) most = prefix[wanted][1];
        if (++wanted == room) prefix = realloc(prefix, (room *= 2) * sizeof *prefix);
    }
    uint8_t *out = malloc(most);
    double *times = malloc(repeats * sizeof *times);
    if (!members || !prefix || !out || !times) die("no memory");
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();

    unsigned long long total = 0;
    for (int repeat = 0; repeat < repeats; repeat++) {
        double start = now();
        read_directory();
        qsort(members, count, sizeof *members, by_offset);
        total = 0;
        for (size_t i = 0; i < wanted; i++) {
            struct member key = {.offset = prefix[i][0]};
            struct member *found = bsearch(&key, members, count, sizeof *members, by_offset);
            if (!found) die("no member at that offset");
            size_t data = found->offset + 30 + u16(found->offset + 26) + u16(found->offset + 28), made = 0;
            size_t need = prefix[i][1] < found->size ? prefix[i][1] : found->size;
            if (found->method == 0) {
                memcpy(out, wheel + data, need);
                made = need;
            } else {
                enum libdeflate_result result =
                    libdeflate_deflate_decompress(inflater, wheel + data, found->compressed, out, need, &made);
                if (result == LIBDEFLATE_INSUFFICIENT_SPACE) made = need;
                else if (result != LIBDEFLATE_SUCCESS) die("a damaged member");
            }
            total += made;
        }
        times[repeat] = now() - start;
    }
    qsort(times, repeats, sizeof *times, ascending);
    printf("%.9f %llu\n", times[repeats / 2], total);
    return 0;
}
