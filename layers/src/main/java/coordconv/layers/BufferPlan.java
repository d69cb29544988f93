package coordconv.layers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongBiFunction;
import java.util.stream.Stream;

/**
 * Which arrays the values of an inference lie in: values that are never alive at the same time share one, which is as long as the
 * longest of them. A value is alive from the step that writes it to the last one that reads it, both included.
 *
 * <p>Values are put into arrays greedily, from the largest to the smallest or in the order of the steps, each into the first free
 * array, into the one that was used in the nearest step or into the one that fits best; of these six assignments the smallest is
 * taken, and arrays exchange values as long as that takes less. Source: Pisarchyk and Lee, "Efficient memory management for deep
 * neural net inference", 2020, their shared objects.
 *
 * <p>No assignment takes less than {@link #leastFloats}, L, and this one at most 8 (1 + 1/2 + ... + 1/n) L where n values are alive
 * at once: the first free array for the largest value first makes at most 8 m arrays of s floats and more, where m values of that
 * size are alive at once, as first-fit colours interval graphs (Narayanaswamy and Subhash Babu, 2008; the problem is the
 * max-colouring of Pemmaraju, Raman and Varadarajan, "Buffer minimization using max-coloring", 2004), and m values
 * of s floats are at most L. For the named networks it takes what the best assignment does, and for U-Net a fiftieth
 * more, as a test finds by search.
 */
final class BufferPlan {
    private final List<Value> values = new ArrayList<>();
    private final Map<Value, float[]> arrays = new IdentityHashMap<>();
    private long counted;
    private long floats;

    /** A value: its size and when it is alive. */
    static final class Value {
        final int floats;
        final int from;
        private int to;
        private boolean kept;

        private Value(int floats, int from) {
            this.floats = floats;
            this.from = from;
            to = from;
        }

        /** Says that a step reads it; steps come in any order. */
        void readBy(int step) {
            to = Math.max(to, step);
        }

        /** Gives it an array of its own, exactly as long as it is: for a value whose last reader is not known. */
        void keep() {
            kept = true;
        }

        boolean isKept() {
            return kept;
        }

        boolean isAliveAt(int step) {
            return from <= step && step <= to;
        }

        private boolean meets(Value other) {
            return from <= other.to && other.from <= to;
        }

        /** Steps between this value and one that it does not meet. */
        private int distance(Value other) {
            return Math.max(from - other.to, other.from - to);
        }
    }

    /** An array that is to be made, and what is put into it. */
    private static final class Slot {
        final List<Value> holds = new ArrayList<>();
        int floats;

        void put(Value value) {
            holds.add(value);
            floats = Math.max(floats, value.floats);
        }

        /** Gives its largest value to another array, and takes the values that are in its way there, if both take less then. */
        boolean givesItsLargest(Slot other) {
            Value largest = holds.stream().max(Comparator.comparing(value -> value.floats)).orElse(null);
            if (largest == null || other == this) {
                return false;
            }
            Slot here = new Slot();
            Slot there = new Slot();
            holds.stream().filter(value -> value != largest).forEach(here::put);
            other.holds.stream().filter(value -> !value.meets(largest)).forEach(there::put);
            there.put(largest);
            List<Value> back = other.holds.stream().filter(largest::meets).toList();
            if (!back.stream().allMatch(here::isFreeFor)) {
                return false;
            }
            back.forEach(here::put);
            if (here.floats + there.floats >= floats + other.floats) {
                return false;
            }
            take(here);
            other.take(there);
            return true;
        }

        private void take(Slot slot) {
            holds.clear();
            holds.addAll(slot.holds);
            floats = slot.floats;
        }

        boolean isFreeFor(Value value) {
            return holds.stream().noneMatch(value::meets);
        }

        long distance(Value value) {
            return holds.stream().mapToInt(value::distance).min().orElseThrow();
        }

        /** What would be left over; arrays that have to grow come behind all others, the longest first. */
        long misfit(Value value) {
            return floats >= value.floats ? floats - value.floats : (long) Integer.MAX_VALUE + value.floats - floats;
        }
    }

    /**
     * Adds a value.
     *
     * @param size its floats
     * @param step that writes it
     * @return the value
     */
    Value add(int size, int step) {
        Value value = new Value(size, step);
        values.add(value);
        return value;
    }

    /** Counts floats that a layer keeps in an array of its own. */
    void count(int size) {
        counted += size;
    }

    /** Makes the arrays; nothing may be added or changed any more. */
    void allocate() {
        Comparator<Value> bySize = Comparator.comparing(value -> -value.floats);
        Comparator<Value> byStep = Comparator.comparing(value -> value.from);
        List<Slot> slots = Stream.of(bySize, byStep.thenComparing(bySize))
                .flatMap(order -> Stream.of(assign(order, (slot, value) -> 0), assign(order, Slot::distance), assign(order, Slot::misfit)))
                .min(Comparator.comparing(BufferPlan::floats)).orElseThrow();
        while (slots.stream().anyMatch(slot -> slots.stream().anyMatch(slot::givesItsLargest))) {
            continue;
        }
        values.stream().filter(Value::isKept).forEach(value -> {
            slots.add(new Slot());
            slots.getLast().put(value);
        });
        for (Slot slot : slots) {
            float[] array = new float[slot.floats];
            slot.holds.forEach(value -> arrays.put(value, array));
        }
        floats = floats(slots);
    }

    private static long floats(List<Slot> slots) {
        return slots.stream().mapToLong(slot -> slot.floats).sum();
    }

    /** Puts one value after another into the free array that costs least, or into a new one. */
    private List<Slot> assign(Comparator<Value> order, ToLongBiFunction<Slot, Value> cost) {
        List<Slot> slots = new ArrayList<>();
        for (Value value : values.stream().filter(value -> !value.kept).sorted(order).toList()) {
            Slot best = slots.stream().filter(slot -> slot.isFreeFor(value))
                    .min(Comparator.comparing(slot -> cost.applyAsLong(slot, value))).orElse(null);
            if (best == null) {
                best = new Slot();
                slots.add(best);
            }
            best.put(value);
        }
        return slots;
    }

    /** {@return a tensor over the array of a value} */
    Tensor tensor(Value value, Shape shape) {
        return Tensor.over(arrays.get(value), shape);
    }

    /** {@return the floats of all arrays, those included that layers keep for themselves} */
    long floats() {
        return counted + floats;
    }

    /** {@return the most floats that are alive at a step, those included that are kept: no assignment takes less} */
    long leastFloats() {
        long kept = counted;
        long[] change = new long[2 + values.stream().mapToInt(value -> value.to).max().orElse(0)];
        for (Value value : values) {
            if (value.kept) {
                kept += value.floats;
            } else {
                change[value.from] += value.floats;
                change[value.to + 1] -= value.floats;
            }
        }
        long alive = 0;
        long most = 0;
        for (long step : change) {
            alive += step;
            most = Math.max(most, alive);
        }
        return kept + most;
    }

    /** {@return the values, in the order in which they were added} */
    List<Value> values() {
        return values;
    }

    /** {@return the array of a value} */
    float[] array(Value value) {
        return arrays.get(value);
    }
}
