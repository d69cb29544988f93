package coordconv.layers.shaping;

import coordconv.layers.Shape;
import java.util.Arrays;

/**
 * The same floats of each sample under another shape: [N, ...] -> [N, extents], or of the whole tensor; nothing is
 * copied. An extent of 0 is the input's at the same place, and one extent of -1 is what is left over. Source: ONNX
 * Reshape.
 */
public final class Reshape extends ViewLayer {
    private final int[] extents;
    private final boolean whole;

    private Reshape(boolean whole, int[] extents) {
        this.extents = extents.clone();
        this.whole = whole;
        int open = 0;
        for (int extent : extents) {
            open += extent == -1 ? 1 : 0;
            if (extent < -1 || open > 1) {
                throw new IllegalArgumentException("extents: given " + Arrays.toString(extents)
                        + ", needed numbers of at least 0, but for one of -1");
            }
        }
    }

    /**
     * Another shape for each sample.
     *
     * @param extents shape of one sample, without the batch; 0 as in the input, -1 for what is left
     */
    public Reshape(int... extents) {
        this(false, extents);
    }

    /**
     * Another shape for the whole tensor, batch included.
     *
     * @param extents the shape; 0 as in the input, -1 for what is left
     * @return the layer
     */
    public static Reshape whole(int... extents) {
        return new Reshape(true, extents);
    }

    /** {@return whether the extents are those of the whole tensor, and not of a sample} */
    public boolean isWhole() {
        return whole;
    }

    /** {@return a copy of the extents as they were given} */
    public int[] extents() {
        return extents.clone();
    }

    @Override
    public String type() {
        return "Reshape";
    }

    @Override
    protected Shape infer(Shape input) {
        int skipped = whole ? 0 : 1;
        if (input.rank() < 2 * skipped) {
            throw misfit(input);
        }
        int[] resolved = new int[extents.length + skipped];
        long known = 1;
        int open = -1;
        for (int i = 0; i < resolved.length; i++) {
            int extent = i < skipped ? 0 : extents[i - skipped];
            if (extent == 0 && i >= input.rank()) {
                throw misfit(input);
            }
            resolved[i] = extent == 0 ? input.extent(i) : extent;
            open = extent == -1 ? i : open;
            known = Math.multiplyExact(known, Math.abs((long) resolved[i]));
            if (known > input.elements()) {
                throw misfit(input);
            }
        }
        if (input.elements() % known != 0 || open < 0 && known != input.elements()) {
            throw misfit(input);
        }
        if (open >= 0) {
            resolved[open] = (int) (input.elements() / known);
        }
        return Shape.of(resolved);
    }

    private RuntimeException misfit(Shape input) {
        boolean counted = Arrays.stream(extents).allMatch(extent -> extent > 0);
        String elements = counted && !whole ? " with " + Shape.of(extents).elements() + " elements a sample" : " of elements";
        return refuse("input", input, (whole ? "a shape" : "[N, ...]") + elements + " for " + Arrays.toString(extents));
    }
}
