package coordconv.layers.convolution;

import coordconv.kernels.OffsetOrder;
import java.util.Objects;

/**
 * How a {@link DeformableConv2d} is deformed; every {@code with} method gives a changed copy.
 *
 * @param groups deformable groups, equal parts of the input channels, coordinates included, with offsets of their own
 * @param masked whether there is a mask
 * @param order of the two offsets of a tap
 */
public record Deformation(int groups, boolean masked, OffsetOrder order) {
    /** Offsets alone: Dai et al., "Deformable Convolutional Networks", 2017. */
    public static final Deformation V1 = new Deformation(1, false, OffsetOrder.ROW_FIRST);
    /** Offsets and a mask: Zhu et al., "Deformable ConvNets v2: More Deformable, Better Results", 2019. */
    public static final Deformation V2 = new Deformation(1, true, OffsetOrder.ROW_FIRST);

    /** Refuses groups that are none. */
    public Deformation {
        if (groups < 1) {
            throw new IllegalArgumentException("groups: given " + groups + ", needed at least 1");
        }
        Objects.requireNonNull(order, "order");
    }

    /**
     * {@return a copy with another number of deformable groups}
     *
     * @param number equal parts of the input channels
     */
    public Deformation withGroups(int number) {
        return new Deformation(number, masked, order);
    }

    /**
     * {@return a copy with another order}
     *
     * @param other of the two offsets of a tap
     */
    public Deformation withOrder(OffsetOrder other) {
        return new Deformation(groups, masked, other);
    }
}
