package coordconv.layers;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which arrays the values of an inference lie in: values that are never alive at the same time share one, which is as long as the
 * longest of them. A value is alive from the step that writes it to the last one that reads it, both included.
 *
 * <p>Values are put into arrays greedily, from the largest to the smallest or in the order of the steps, each into the first free
 * array or into the one that fits best; of these four assignments the smallest is taken, and arrays exchange values as long as that
 * takes less. Source: Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020, their shared objects.
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
            if (holds.isEmpty() || other == this) {
                return false;
            }
            Value largest = largest();
            Slot here = new Slot();
            Slot there = new Slot();
            for (Value value : holds) {
                if (value != largest) {
                    here.put(value);
                }
            }
            there.put(largest);
            for (Value value : other.holds) {
                if (!value.meets(largest)) {
                    there.put(value);
                } else if (here.isFreeFor(value)) {
                    here.put(value);
                } else {
                    return false;
                }
            }
            if (here.floats + there.floats >= floats + other.floats) {
                return false;
            }
            take(here);
            other.take(there);
            return true;
        }

        private Value largest() {
            Value largest = holds.getFirst();
            for (Value value : holds) {
                largest = value.floats > largest.floats ? value : largest;
            }
            return largest;
        }

        private void take(Slot slot) {
            holds.clear();
            holds.addAll(slot.holds);
            floats = slot.floats;
        }

        boolean isFreeFor(Value value) {
            for (Value held : holds) {
                if (value.meets(held)) {
                    return false;
                }
            }
            return true;
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
        List<Slot> slots = null;
        for (boolean byStep : new boolean[] {false, true}) {
            List<Value> order = inOrder(byStep);
            for (boolean bestFit : new boolean[] {false, true}) {
                List<Slot> tried = assign(order, bestFit);
                slots = slots == null || floats(tried) < floats(slots) ? tried : slots;
            }
        }
        while (exchange(slots)) {
            continue;
        }
        for (Value value : values) {
            if (value.kept) {
                slots.add(new Slot());
                slots.getLast().put(value);
            }
        }
        for (Slot slot : slots) {
            float[] array = new float[slot.floats];
            for (Value value : slot.holds) {
                arrays.put(value, array);
            }
        }
        floats = floats(slots);
    }

    private static long floats(List<Slot> slots) {
        long sum = 0;
        for (Slot slot : slots) {
            sum += slot.floats;
        }
        return sum;
    }

    /** Makes one exchange that takes less, if there is one. */
    private static boolean exchange(List<Slot> slots) {
        for (Slot slot : slots) {
            for (Slot other : slots) {
                if (slot.givesItsLargest(other)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The values that share arrays, from the largest to the smallest, either at once or of each step. */
    private List<Value> inOrder(boolean byStep) {
        List<Value> order = new ArrayList<>();
        for (Value value : values) {
            if (value.kept) {
                continue;
            }
            int place = order.size();
            while (place > 0 && isBefore(value, order.get(place - 1), byStep)) {
                place--;
            }
            order.add(place, value);
        }
        return order;
    }

    private static boolean isBefore(Value value, Value other, boolean byStep) {
        return byStep && value.from != other.from ? value.from < other.from : value.floats > other.floats;
    }

    /** Puts one value after another into the first free array or the one that fits best, or into a new one. */
    private static List<Slot> assign(List<Value> order, boolean bestFit) {
        List<Slot> slots = new ArrayList<>();
        for (Value value : order) {
            Slot best = null;
            long least = Long.MAX_VALUE;
            for (Slot slot : slots) {
                long misfit = bestFit ? slot.misfit(value) : 0;
                if (misfit < least && slot.isFreeFor(value)) {
                    best = slot;
                    least = misfit;
                }
            }
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
        int last = 0;
        for (Value value : values) {
            last = Math.max(last, value.to);
        }
        long[] change = new long[2 + last];
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
