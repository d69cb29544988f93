package coordconv.jmh.gate;

import java.nio.file.Path;
import java.util.List;

/**
 * What the gate measures, and for how long.
 *
 * @param items what is measured
 * @param forks JVMs, each giving one value an item
 * @param pairs interleaved samples an item in a fork
 * @param sampleNanos minimum length of a sample
 * @param warmNanos warm-up of an item in a fork
 * @param logs folder for the workers' standard error
 */
public record GateSettings(List<GateItem> items, int forks, int pairs, long sampleNanos, long warmNanos, Path logs) {
}
