package coordconv.onnx.importing;

import coordconv.layers.Layer;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.Squeeze;
import coordconv.layers.shaping.Unsqueeze;
import java.util.Arrays;

/** The same elements under other shapes, as layers that other sizes of the inputs follow where that is possible. */
final class Views {
    /** The rule of an extent that follows from the number of elements. */
    static final int INFERRED = Integer.MIN_VALUE;

    private Views() {}

    /** The rule of an extent that is one of the input's. */
    static int copied(int axis) {
        return -1 - axis;
    }

    /**
     * Appends a view.
     *
     * @param rules for each extent a number, {@link #copied} or {@link #INFERRED}, which at most one is
     * @return the view, or the input itself if that is what it is
     */
    static Feature add(OnnxNode node, Assembly to, Feature x, int... rules) {
        boolean inferred = Arrays.stream(rules).anyMatch(rule -> rule == INFERRED);
        boolean same = rules.length == x.rank();
        int[] extents = new int[rules.length];
        int[] varies = new int[rules.length];
        for (int i = 0; i < rules.length; i++) {
            int axis = rules[i] < 0 && rules[i] != INFERRED ? -1 - rules[i] : -1;
            same &= axis == i || x.rank() > i && rules[i] == x.extent(i) && x.varies()[i] == 0;
            if (axis == i) {
                extents[i] = 0;
                varies[i] = x.varies()[i];
            } else if (axis >= 0 && inferred) {
                node.pin(x.varies()[axis]);
                extents[i] = x.extent(axis);
            } else if (axis >= 0 || rules[i] == INFERRED) {
                extents[i] = -1;
                varies[i] = axis >= 0 ? x.varies()[axis] : left(x, rules);
                inferred = true;
            } else {
                extents[i] = rules[i];
            }
        }
        if (same) {
            return x;
        }
        boolean perSample = extents.length > 1 && extents[0] == 0 && x.rank() > 1;
        Layer layer = !perSample ? Reshape.whole(extents) : extents.length == 2 && extents[1] != 0 ? new Flatten()
                : new Reshape(Arrays.copyOfRange(extents, 1, extents.length));
        return to.add(node, layer, varies, x);
    }

    /** Puts an axis of extent 1 in. */
    static Feature unsqueezed(OnnxNode node, Assembly to, Feature x, int axis) {
        int[] varies = new int[x.rank() + 1];
        for (int i = 0; i < x.rank(); i++) {
            varies[i < axis ? i : i + 1] = x.varies()[i];
        }
        return to.add(node, new Unsqueeze(axis), varies, x);
    }

    /** Takes an axis of extent 1 out. */
    static Feature squeezed(OnnxNode node, Assembly to, Feature x, int axis) {
        int[] varies = new int[x.rank() - 1];
        for (int i = 0; i < varies.length; i++) {
            varies[i] = x.varies()[i < axis ? i : i + 1];
        }
        return to.add(node, new Squeeze(axis), varies, x);
    }

    /** What an inferred extent varies with: all that no rule copies. */
    private static int left(Feature x, int... rules) {
        int varies = 0;
        for (int axis = 0; axis < x.rank(); axis++) {
            int copy = copied(axis);
            if (Arrays.stream(rules).noneMatch(rule -> rule == copy)) {
                varies |= x.varies()[axis];
            }
        }
        return varies;
    }
}
