package coordconv.kernels;

/**
 * Which of the two offsets of a tap comes first. In both orders channel {@code 2 * (g * KH * KW + t)} of the offsets and the
 * one after it belong to tap t, in the order of the weights, of deformable group g.
 */
public enum OffsetOrder {
    /** That along the height first: torchvision, PaddlePaddle, ONNX, MMCV and the authors' own code. */
    ROW_FIRST,
    /** That along the width first, as (x, y) pairs. */
    COLUMN_FIRST
}
