"""Nearest neighbours by shape: draws characters in free fonts and compares blurred pictures. Writes shapes.json.

Usage: confusions-shapes.py TEXT...
"""
import sys,collections,json
import numpy as np
from PIL import Image,ImageDraw,ImageFont,ImageFilter
SC=[('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',2),('/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc',2),('/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc',0)]
TC=[('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',3),('/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc',3),('/usr/share/fonts/truetype/arphic/uming.ttc',0)]
S=32
def feats(chars,fonts):
    sims=None
    for path,idx in fonts:
        f=ImageFont.truetype(path,S-2,index=idx); X=[]
        for c in chars:
            im=Image.new('L',(S+4,S+4),0); d=ImageDraw.Draw(im)
            d.text(((S+4)/2,(S+4)/2),c,fill=255,font=f,anchor='mm')
            a=np.asarray(im.filter(ImageFilter.GaussianBlur(1.3))).astype(np.float32)
            gy,gx=np.gradient(a)
            v=np.concatenate([a.ravel(),1.5*gx.ravel(),1.5*gy.ravel()])
            X.append(v/ (np.linalg.norm(v)+1e-6))
        X=np.array(X,dtype=np.float32); X-=X.mean(0); X/=np.linalg.norm(X,axis=1,keepdims=True)
        sims=X@X.T if sims is None else sims+X@X.T
    return sims/len(fonts)
def main(simp,trad,out):
    res={}
    for chars,fonts in ((simp,SC),(trad,TC)):
        s=feats(chars,fonts); np.fill_diagonal(s,0)
        o=np.argpartition(-s,16,axis=1)[:,:16]
        for i,c in enumerate(chars):
            r=sorted(((float(s[i,j]),chars[j]) for j in o[i]),reverse=True)
            d=res.setdefault(c,{})
            for v,x in r: d[x]=max(d.get(x,0),round(v,3))
        for t in ('人','困','未','已','货','间','銷','說'):
            if t in chars: print(t,sorted(res[t].items(),key=lambda x:-x[1])[:10])
    json.dump(res,open(out,'w'),ensure_ascii=False)
cnt=collections.Counter()
for f in sys.argv[1:]:
    for l in open(f): cnt.update(c for c in l if '\u4e00'<=c<='\u9fff')
simp=[c for c,n in cnt.most_common(6500) if n>=3]
gb=[bytes([a,b]).decode('gb2312','ignore') for a in range(0xb0,0xf8) for b in range(0xa1,0xff)]
simp=sorted(set(simp)|set(c for c in gb if c and cnt[c]>=1 )|set(c for c in gb[:3755] if c))
trad=[bytes([a,b]).decode('big5','ignore') for a in range(0xa4,0xc7) for b in list(range(0x40,0x7f))+list(range(0xa1,0xff))]
trad=sorted(set(c for c in trad if len(c)==1 and '\u4e00'<=c<='\u9fff'))
print(len(simp),len(trad))
main(simp,trad,'shapes.json')
